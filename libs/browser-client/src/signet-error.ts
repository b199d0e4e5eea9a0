import type { ErrorCode, Problem } from './api.js';

/** A call to auth that failed. Branch on `code`; show `errors` beside their fields. */
export class SignetError extends Error {
  override readonly name = 'SignetError';
  readonly code: ErrorCode;
  /** What is wrong with which field, with `VALIDATION_FAILED`. */
  readonly errors: NonNullable<Problem['errors']>;

  /**
   * @param status of the answer; 0 when there was none
   * @param retryAfter seconds after which another try makes sense
   */
  constructor(
    readonly status: number,
    problem: Partial<Problem>,
    readonly retryAfter?: number,
    options?: ErrorOptions,
  ) {
    super(problem.detail ?? `HTTP ${status}`, options);
    this.code = (problem.code ?? 'UNKNOWN') as ErrorCode;
    this.errors = problem.errors ?? [];
  }
}

/** What an answer that is not 2xx says; leaves its body unread for the caller. */
export async function problemIn(response: Response): Promise<Partial<Problem>> {
  try {
    return ((await response.clone().json()) as Partial<Problem> | null) ?? {};
  } catch {
    return {};
  }
}
