import { PoolIsFullError } from '../database/bounded-pool.js';
import { faultOf, UNREACHABLE } from '../database/fault.js';
import { overloaded, ProblemException } from './problem.exception.js';

/** PostgreSQL's codes (appendix A) of a server that takes no work. */
const AWAY = /^(08...|57P0.|53[0123]00|58...|25006|55000)$/;
/** Faults of the driver itself, which have words only. */
const AWAY_IN_WORDS = /connection terminated|connection error|connection timeout|read timeout/i;
/** A statement that took too long, and a lock that did. */
const LATE = /^(57014|55P03)$/;
const LATE_IN_WORDS = /timeout exceeded when trying to connect/;
const MAX_CAUSES = 5;

/**
 * The 503 of a request that needs the database while it is away, full, read-only or too slow; nothing where the fault is
 * another one. Whatever was under way in a transaction is undone.
 */
export function databaseProblem(thrown: unknown): ProblemException | undefined {
  let error: unknown = thrown;
  for (let depth = 0; depth < MAX_CAUSES && error instanceof Object; depth++) {
    if (error instanceof ProblemException) return undefined;
    const { code = '', message } = faultOf(error);
    if (error instanceof PoolIsFullError) return overloaded();
    if (LATE.test(String(code)) || LATE_IN_WORDS.test(message)) return overloaded(thrown);
    if ([UNREACHABLE, AWAY].some((codes) => codes.test(String(code))) || AWAY_IN_WORDS.test(message))
      return databaseUnavailable(thrown);
    error = (error as { cause?: unknown }).cause;
  }
  return undefined;
}

/** The database is away; nothing was changed, and the request may be sent again. */
export function databaseUnavailable(cause?: unknown): ProblemException {
  return new ProblemException(
    503,
    'DATABASE_UNAVAILABLE',
    'The service cannot reach its data right now. Try again shortly.',
    { headers: { 'retry-after': '2' }, cause },
  );
}
