import type { FastifyRequest } from 'fastify';

/** Who is at the other end, as far as can be told. */
export interface Requester {
  readonly ip: string;
  readonly userAgent: string | null;
}

const MAX_USER_AGENT_LENGTH = 255;
// oxlint-disable-next-line no-control-regex -- that is what it is for
const CONTROL = /[\u0000-\u001f\u007f]/g;

/** What a request tells of its client, in a form that can be stored and shown. */
export function requesterOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Requester {
  return { ip, userAgent: storable(headers['user-agent']) };
}

/** Cut off first, as that may leave half a surrogate pair. */
function storable(text = ''): string | null {
  return text.slice(0, MAX_USER_AGENT_LENGTH).toWellFormed().replaceAll(CONTROL, ' ').trim() || null;
}

/** The client, as the audit log has it. */
export function originOf({ ip, userAgent }: Requester): { address: string; userAgent: string | null } {
  return { address: ip, userAgent };
}
