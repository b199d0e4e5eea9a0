import { fetchJson, type JsonRequest } from './json.fetch.js';

/** RFC 9111 §5.2.2.1. Used where the answer does not say. */
const DEFAULT_MAX_AGE = 300;

/** A JWK set as it came. */
export interface FetchedJwks {
  readonly keys: readonly unknown[];
  /** Seconds for which it may still be held. */
  readonly maxAge: number;
  /** For how many seconds a cache on the way has held it. */
  readonly age: number;
  /** For how many of them longer than it was to, as a cache may do whose origin is away (RFC 5861). */
  readonly staleFor: number;
}

/**
 * Fetches a JWK set (RFC 7517 §5).
 *
 * @throws {Error} for anything but 200 with a JWK set
 */
export async function fetchJwks(url: string, request: JsonRequest): Promise<FetchedJwks> {
  const { body, headers } = await fetchJson(url, request);
  if (!Array.isArray(body['keys'])) throw new Error('not a JWK set');
  const age = Math.max(0, Number(headers.get('age') ?? 0) || 0);
  const maxAge = secondsOf('max-age', headers);
  const shared = secondsOf('s-maxage', headers) ?? maxAge;
  return {
    keys: body['keys'],
    age,
    // What a cache on the way has used up already counts (RFC 9111 §4.2).
    maxAge: maxAge === undefined ? DEFAULT_MAX_AGE : Math.max(0, maxAge - age),
    staleFor: shared === undefined ? 0 : Math.max(0, age - shared),
  };
}

/** What a directive of `Cache-Control` says, if it is there. */
function secondsOf(directive: 'max-age' | 's-maxage', headers: Headers): number | undefined {
  const pattern = new RegExp(String.raw`(?:^|[\s,])${directive}=(\d{1,9})(?:$|[\s,])`, 'i');
  const [, seconds] = pattern.exec(headers.get('cache-control') ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}
