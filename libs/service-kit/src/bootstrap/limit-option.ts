import { InvalidArgumentError, Option } from 'commander';

const MAX_LIMIT = 10_000;

/** `--limit` of a command that lists: a number of rows, 100 unless given. */
export function limitOption(): Option {
  return new Option('--limit <count>', `at most this many, 1 to ${MAX_LIMIT}`).default(100).argParser(count);
}

function count(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MAX_LIMIT)
    throw new InvalidArgumentError(`It is no number from 1 to ${MAX_LIMIT}.`);
  return value;
}
