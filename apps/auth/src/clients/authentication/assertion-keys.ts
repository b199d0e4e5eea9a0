import { fetchJson } from '@signet/jwt-shared';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

/** A JWK set could not be fetched: the fault is neither the client's nor the caller's. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable';
}

const TIMEOUT_MS = 5_000;
/** Between two fetches because of an unknown `kid`, and after one that failed. */
const COOLDOWN_MS = 30_000;
const FAILURE_PAUSE_MS = 5_000;
const MAX_AGE_MS = 300_000;

/**
 * The public keys at a URL: fetched when they are first needed and every five minutes, at most once at a time, without
 * following redirects.
 *
 * @param headers read anew for each fetch
 */
export function remoteKeys(url: string, headers: () => Record<string, string> = () => ({})): JWTVerifyGetKey {
  let failedAt = -Infinity;
  const fetchKeys = async (resource: string, { signal }: { signal: AbortSignal }): Promise<Response> => {
    if (performance.now() - failedAt < FAILURE_PAUSE_MS) throw new KeysUnreachable(`${url} failed just now`);
    try {
      const { body } = await fetchJson(resource, { signal, headers: headers() });
      return Response.json(body);
    } catch (error) {
      failedAt = performance.now();
      throw new KeysUnreachable(`${url} cannot be fetched: ${reasonOf(error)}`);
    }
  };
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: fetchKeys,
  });
}

/** `fetch` wraps what happened in a "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || cause.name : message;
}
