import { fetchJson, type JsonRequest } from './json.fetch.js';

/** RFC 9111 §5.2.2.1. Used where the answer does not say. */
const DEFAULT_MAX_AGE = 300;

/** A JWK set as it came, and for how many seconds it may be held. */
export interface FetchedJwks {
  readonly keys: readonly unknown[];
  readonly maxAge: number;
}

/**
 * Fetches a JWK set (RFC 7517 §5).
 *
 * @throws {Error} for anything but 200 with a JWK set
 */
export async function fetchJwks(url: string, request: JsonRequest): Promise<FetchedJwks> {
  const { body, headers } = await fetchJson(url, request);
  if (!Array.isArray(body['keys'])) throw new Error('not a JWK set');
  return { keys: body['keys'], maxAge: maxAgeOf(headers) };
}

/** What a cache on the way has used up already counts (RFC 9111 §4.2). */
function maxAgeOf(headers: Headers): number {
  const [, maxAge] =
    /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '') ?? [];
  if (maxAge === undefined) return DEFAULT_MAX_AGE;
  const age = Number(headers.get('age') ?? 0);
  return Math.max(0, Number(maxAge) - (age > 0 ? age : 0));
}
