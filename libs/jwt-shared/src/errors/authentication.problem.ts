import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** Stable codes of what this library answers with; programs branch on these. */
export type AuthenticationProblemCode =
  | 'UNAUTHORIZED'
  | 'TOKEN_EXPIRED'
  | 'INVALID_TOKEN'
  | 'TOKEN_STALE'
  | 'REAUTHENTICATION_REQUIRED'
  | 'USER_REQUIRED'
  | 'INSUFFICIENT_SCOPE'
  | 'KEYS_UNAVAILABLE'
  | 'REVOCATIONS_STALE';

/**
 * A refused call. `getResponse()` gives problem details (RFC 9457) as a plain object, so that any exception
 * filter can answer with it. Without a stack, as {@link TokenRejected}.
 *
 * Its own class, as the package works in services without Signet's kit, whose `ProblemException` is for what features
 * answer; the kit's filter takes both for what they hold.
 */
export class AuthenticationProblem extends HttpException {
  constructor(
    status: 401 | 403 | 503,
    readonly code: AuthenticationProblemCode,
    detail: string,
    /** Response headers that belong to the answer; the guard sets them in HTTP contexts. */
    readonly headers: Readonly<Record<string, string>>,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code }, status);
    Error.stackTraceLimit = stackTraceLimit;
    this.message = detail;
  }

  /** Where GraphQL servers look for what to add to an error of theirs (graphql-js `GraphQLError`). */
  get extensions(): Readonly<Record<string, unknown>> {
    return { code: this.code, status: this.getStatus() };
  }
}
