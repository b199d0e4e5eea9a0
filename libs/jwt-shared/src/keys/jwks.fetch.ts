import { fetchJson, type JsonRequest } from './json.fetch.js';

/** RFC 9111 §5.2.2.1. Used where the answer does not say. */
const DEFAULT_MAX_AGE = 300;

/** A JWK set as it came. */
export interface FetchedJwks {
  readonly keys: readonly unknown[];
  /** Seconds for which it may be held. */
  readonly maxAge: number;
  /** For how many seconds a cache on the way has held it longer than that, as one may whose origin is away (RFC 5861). */
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
  const left = secondsLeft(headers);
  return { keys: body['keys'], maxAge: Math.max(0, left), staleFor: Math.max(0, -left) };
}

/** Of `max-age`; what a cache on the way has used up already counts (RFC 9111 §4.2). */
function secondsLeft(headers: Headers): number {
  const [, maxAge] =
    /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '') ?? [];
  if (maxAge === undefined) return DEFAULT_MAX_AGE;
  const age = Number(headers.get('age') ?? 0);
  return Number(maxAge) - (age > 0 ? age : 0);
}
