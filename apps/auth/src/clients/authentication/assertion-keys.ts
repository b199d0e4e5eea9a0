import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

/** A JWK set could not be fetched: the fault is neither the client's nor the caller's. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable';
}

const MAX_BYTES = 64 * 1024;
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
  const boundedFetch = async (resource: string, options: { signal: AbortSignal }): Promise<Response> => {
    if (performance.now() - failedAt < FAILURE_PAUSE_MS) throw new KeysUnreachable(`${url} failed just now`);
    try {
      const response = await fetch(resource, {
        signal: options.signal,
        redirect: 'error',
        headers: { accept: 'application/json', ...headers() },
      });
      return new Response(await textOf(response), { status: response.status });
    } catch (error) {
      failedAt = performance.now();
      throw new KeysUnreachable(`${url} cannot be fetched: ${reasonOf(error)}`);
    }
  };
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: boundedFetch,
  });
}

async function textOf(response: Response): Promise<string> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`longer than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` wraps what happened in a "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || cause.name : message;
}
