import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/**
 * Auth gives this service no token for the call, so that it was not made. Uncaught, it is the answer to the request
 * that led to it (RFC 9457): 401 when the caller's own token is no longer good, 403 when the caller may not do this, 502
 * when this service is not set up for it.
 */
export class ServiceCallDenied extends HttpException {
  override readonly name = 'ServiceCallDenied';

  /**
   * @param service as `services` names it
   * @param error the OAuth error (RFC 6749 §5.2), such as `invalid_grant`
   * @param description what auth says about it; for a log
   */
  constructor(
    readonly service: string,
    readonly error: string,
    readonly description: string,
  ) {
    const answer = answerTo(error);
    super(answer, answer.status);
    this.message = `No token to call ${service}: ${error} (${description})`;
  }
}

/** Auth could not be asked for a token: it is away, overloaded or broken. Uncaught, it is answered 503. */
export class ServiceTokenUnavailable extends HttpException {
  override readonly name = 'ServiceTokenUnavailable';

  constructor(
    readonly service: string,
    reason: string,
    cause?: unknown,
  ) {
    const detail = 'Another service cannot be called right now.';
    super(problem(503, 'SERVICE_TOKEN_UNAVAILABLE', detail), 503, { cause });
    this.message = `No token to call ${service}: ${reason}`;
  }
}

function answerTo(error: string) {
  if (error === 'invalid_grant') return problem(401, 'INVALID_TOKEN', 'Invalid token');
  if (error === 'invalid_scope')
    return problem(403, 'SERVICE_CALL_DENIED', 'The access token does not allow this');
  return problem(502, 'SERVICE_CALL_DENIED', 'Another service refused this one.');
}

function problem(status: number, code: string, detail: string) {
  return { type: 'about:blank', title: STATUS_CODES[status], status, detail, code };
}
