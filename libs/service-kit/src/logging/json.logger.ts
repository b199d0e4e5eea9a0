import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { currentRequestFields } from './request-context.js';
import { turnDestination } from './turn-destination.js';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** What Nest says of every module and route at each start: for those who look for it. */
const DETAILS_OF_START = new Set<unknown>(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/**
 * The logger of a whole service: JSON lines on standard output (pino), for Nest's own messages as for ours.
 * Only what code names explicitly is logged; requests are logged by `request-log.ts` from an allowlist of fields.
 */
export class JsonLogger implements LoggerService {
  readonly pino: Logger;
  /** For the one line of each request, which brings its own fields. */
  readonly requests: Logger;
  readonly warn = this.at('warn');
  readonly error = this.at('error');
  readonly fatal = this.at('fatal');
  readonly debug = this.at('debug');
  readonly verbose = this.at('trace');

  constructor(service: string, level: string, destination: DestinationStream = turnDestination()) {
    const options = {
      level,
      base: { service },
      mixin: currentRequestFields,
      serializers: { err: withoutDriverDetails },
    };
    this.pino = pino(options, destination);
    const { mixin: _, ...withoutContext } = options;
    this.requests = pino(withoutContext, destination);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(DETAILS_OF_START.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  private at(level: Level) {
    return (message: unknown, ...rest: unknown[]): void => this.write(level, message, rest);
  }

  /** Nest passes the context (a class name) last. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const fields = typeof context === 'string' ? { context } : {};
    if (message instanceof Error) this.pino[level]({ ...fields, err: message }, wordsOf(message));
    else this.pino[level](fields, String(message));
  }
}

/** PostgreSQL quotes the value that it refuses, and Drizzle appends the parameters to the query on a line of their own. */
function wordsOf(error: Error): string {
  return 'severity' in error ? 'PostgreSQL refused a statement' : (error.message.split('\n')[0] ?? '');
}

/** A driver's error carries the row and the parameters of the failed query, which may be secrets: type, code and stack do. */
function withoutDriverDetails(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const stack = error.stack?.slice(error.stack.indexOf('\n    at ') + 1);
  const cause = error.cause instanceof Error ? { cause: withoutDriverDetails(error.cause) } : {};
  return { type: error.name, ...(typeof code === 'string' && { code }), stack, ...cause };
}
