import type { Answer } from './client.ts';
import type { Contract } from './contract.ts';
import type { Credential } from './requests.ts';

/** What is no request yet: read before anybody asks who sends it. */
const UNREADABLE = new Set(['MALFORMED_URL', 'MALFORMED_REQUEST', 'BODY_TOO_LARGE', 'HEADERS_TOO_LARGE']);
/** Words of stacks, of SQL and of libraries. */
const INTERNAL_WORDS =
  /\bat .+:\d+:\d+|node_modules|file:\/\/|\.[jt]s\b|\b(select|insert|update|delete) .+\b(from|into|set)\b|constraint|violates|relation|syntax|postgres|drizzle|fastify|nestjs|FST_|ERR_|E[A-Z]{5,}|class-|should not exist|Unexpected|undefined|\[object|TypeError|RangeError|prototype|stack|JSON at/;

interface Problem {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: readonly { readonly message?: unknown }[];
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly credential: Credential;
}

/** What is wrong with an answer; nothing: it is as agreed, whatever was asked. */
export function complaint(
  asked: Asked,
  { status, headers, body }: Answer,
  contract: Contract,
): string | undefined {
  const isPublic = contract.isPublic(asked.method, asked.path);
  if (status < 400) {
    return asked.credential === 'good' || isPublic ? undefined : `answered ${status} without a token`;
  }
  if (status > 500 && status !== 503) return `answered ${status}`;
  if (status === 500) return 'answered 500';
  if (status === 503 && headers['retry-after'] === undefined) return 'answered 503 without Retry-After';
  const type = headers['content-type']?.split(';', 1)[0] ?? 'nothing';
  if (!contract.errorTypesOf(asked.method, asked.path).includes(type)) return `answered ${status} as ${type}`;
  if (asked.method === 'HEAD' || type !== 'application/problem+json') return undefined;
  const problem = parsed(body);
  const code = String(problem?.code);
  if (!problem || !/^[A-Z][A-Z_]+$/.test(code) || problem.status !== status) {
    return `answered ${status} with no problem: ${body.slice(0, 500)}`;
  }
  // Not the names of fields, which the sender may choose.
  const words = [problem.title, problem.detail, ...(problem.errors ?? []).map(({ message }) => message)].join(
    '\n',
  );
  const internal = INTERNAL_WORDS.exec(words);
  if (internal) return `said "${internal[0]}": ${words.slice(0, 500)}`;
  if (asked.credential === 'good' || isPublic || status === 401 || status === 503) return undefined;
  return UNREADABLE.has(code) ? undefined : `answered ${status} ${code} without a token`;
}

function parsed(body: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
