import { parsed, type Answer } from './client.ts';
import type { Contract } from './contract.ts';
import type { Credential } from './requests.ts';

/** What is no request yet: read before anybody asks who sends it. */
const UNREADABLE = new Set(['MALFORMED_URL', 'MALFORMED_REQUEST', 'BODY_TOO_LARGE', 'HEADERS_TOO_LARGE']);
/** Of a path that the router does not take, as one whose parameter is empty or too long. */
const NO_ROUTE = 'NOT_FOUND';
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
export function complaint(asked: Asked, answer: Answer, contract: Contract): string | undefined {
  const { status, headers, body } = answer;
  const isAllowed = asked.credential === 'good' || contract.isPublic(asked.method, asked.path);
  if (status < 400 && !isAllowed) return `answered ${status} without a token`;
  if (status >= 500 && status !== 503) return `answered ${status}`;
  if (status === 503 && headers['retry-after'] === undefined) return 'answered 503 without Retry-After';
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  const problem = isProblem ? (parsed(body) as Problem | undefined) : undefined;
  const code = String(problem?.code);
  const isForRoute = !UNREADABLE.has(code) && code !== NO_ROUTE;
  const fault = isForRoute ? contract.faultOf(asked, answer) : undefined;
  if (fault !== undefined) return fault;
  if (status < 400 || asked.method === 'HEAD' || !isProblem) return undefined;
  if (!problem || !/^[A-Z][A-Z_]+$/.test(code) || problem.status !== status) {
    return `answered ${status} with no problem: ${body.slice(0, 500)}`;
  }
  // Not the names of fields, which the sender may choose.
  const words = [problem.title, problem.detail, ...(problem.errors ?? []).map(({ message }) => message)].join(
    '\n',
  );
  const internal = INTERNAL_WORDS.exec(words);
  if (internal) return `said "${internal[0]}": ${words.slice(0, 500)}`;
  if (isAllowed || status === 401 || status === 503) return undefined;
  return UNREADABLE.has(code) ? undefined : `answered ${status} ${code} without a token`;
}
