import type { FastifyRequest } from 'fastify';
import { parseAddress } from './network.js';

/** Who is at the other end, as far as can be told. */
export interface Requester {
  /** As {@link parseAddress} spells it. */
  readonly ip: string;
  readonly userAgent: string | null;
}

const MAX_USER_AGENT_LENGTH = 255;
const CONTROL = /\p{Cc}/gu;
/** Of a connection that is closed already. */
const NO_ADDRESS = '0.0.0.0';

type Request = Pick<FastifyRequest, 'ip' | 'headers'> & {
  readonly socket: Pick<FastifyRequest['socket'], 'remoteAddress'>;
};

/** What a request tells of its sender, in a form that can be stored and shown. */
export function requesterOf(request: Request): Requester {
  return { ip: addressOf(request), userAgent: storable(request.headers['user-agent']) };
}

/**
 * The requester's address. What a proxy forwards need not be one: then it is the proxy's own, so that no text that a requester
 * makes up is stored or counted as a network.
 */
export function addressOf({ ip, socket }: Omit<Request, 'headers'>): string {
  return parseAddress(ip ?? '') ?? parseAddress(socket.remoteAddress ?? '') ?? NO_ADDRESS;
}

/** A cookie as it was sent; nothing of it is to be believed. */
export function cookieOf({ cookie = '' }: FastifyRequest['headers'], name: string): string | undefined {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Cut off first, as that may leave half a surrogate pair. */
function storable(text = ''): string | null {
  return text.slice(0, MAX_USER_AGENT_LENGTH).toWellFormed().replaceAll(CONTROL, ' ').trim() || null;
}

/** The requester, as the audit log has it. */
export function originOf({ ip, userAgent }: Requester): { address: string; userAgent: string | null } {
  return { address: ip, userAgent };
}
