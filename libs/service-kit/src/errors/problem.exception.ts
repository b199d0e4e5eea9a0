import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** One thing wrong with one member of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What a caller is told of a failure: problem details (RFC 9457) with a stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** SCREAMING_SNAKE; programs branch on this, never on `detail`. */
  readonly code: string;
  readonly errors?: readonly FieldError[];
}

interface Extras {
  readonly errors?: readonly FieldError[];
  /** Response headers that belong to the failure, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Why, for the log; the caller never sees it. */
  readonly cause?: unknown;
}

/**
 * A failure with its public words.
 *
 * @example throw new ProblemException(404, 'TASK_NOT_FOUND', 'There is no such task.');
 */
export class ProblemException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, { errors, headers = {}, cause }: Extras = {}) {
    super(problem(status, code, detail, errors), status, { cause });
    // Where there is no response, as at a command line, this is what people read.
    this.message = detail;
    this.headers = headers;
  }
}

/** A service that has more to do than it can: the request was not begun, and may be sent again. */
export function overloaded(cause?: unknown): ProblemException {
  return new ProblemException(503, 'OVERLOADED', 'Too much is going on right now. Try again shortly.', {
    headers: { 'retry-after': '2' },
    cause,
  });
}

/** Problem details of `status`; without a type of its own the title is the status's phrase (RFC 9457 §4.2.1). */
export function problem(
  status: number,
  code: string,
  detail: string,
  errors?: readonly FieldError[],
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, code, ...(errors && { errors }) };
}

/** Whether a value is problem details already, as the exceptions of other libraries may carry them. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'status' in value
  );
}
