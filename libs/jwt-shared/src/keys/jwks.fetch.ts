import { parseStrictObject } from '../jose/strict-json.js';

/** Far more than any honest set needs. */
const MAX_BYTES = 64 * 1024;
/** RFC 9111 §5.2.2.1. Used where the answer does not say. */
const DEFAULT_MAX_AGE = 300;

/** A JWK set as it came, and for how many seconds it may be held. */
export interface FetchedJwks {
  readonly keys: readonly unknown[];
  readonly maxAge: number;
}

/** How a JWK set is fetched. */
interface JwksRequest {
  readonly signal: AbortSignal;
  /** Has caches on the way ask the issuer (RFC 9111 §5.2.1.4). */
  readonly isForced: boolean;
  readonly fetch: typeof fetch;
}

/**
 * Fetches a JWK set (RFC 7517 §5) without trusting the other side to be short, quick, or itself: a redirect is
 * an error, as it would let the answer choose where keys come from.
 *
 * @throws {Error} for anything but 200 with a JWK set
 */
export async function fetchJwks(url: string, { signal, isForced, fetch }: JwksRequest): Promise<FetchedJwks> {
  const headers = { accept: 'application/json', ...(isForced && { 'cache-control': 'no-cache' }) };
  const response = await fetch(url, { signal, redirect: 'error', headers });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const { keys } = parseStrictObject(await readBody(response));
  if (!Array.isArray(keys)) throw new Error('not a JWK set');
  return { keys, maxAge: maxAgeOf(response.headers) };
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`longer than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What a cache on the way has used up already counts (RFC 9111 §4.2). */
function maxAgeOf(headers: Headers): number {
  const [, maxAge] =
    /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(headers.get('cache-control') ?? '') ?? [];
  if (maxAge === undefined) return DEFAULT_MAX_AGE;
  const age = Number(headers.get('age') ?? 0);
  return Math.max(0, Number(maxAge) - (age > 0 ? age : 0));
}
