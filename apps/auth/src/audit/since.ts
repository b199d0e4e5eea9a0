import { InvalidArgumentError } from 'commander';

/** Seconds. */
const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Reads a time as an operator writes it: ISO 8601 (`2026-01-31`, `2026-01-31T12:00:00Z`), or an age such as `24h`
 * or `7d`.
 *
 * @returns nothing for what is neither
 */
export function parseSince(text: string, now = Date.now()): Date | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * UNITS[unit as keyof typeof UNITS] * 1_000);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** {@link parseSince} for an option of a command. */
export function since(text: string): Date {
  const time = parseSince(text);
  if (!time) throw new InvalidArgumentError('It is neither a time nor an age such as 24h.');
  return time;
}
