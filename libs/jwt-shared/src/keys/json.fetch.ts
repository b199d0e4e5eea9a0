import { parseStrictObject } from '../jose/strict-json.js';

/** Far more than any honest JWK set or metadata needs. */
const MAX_BYTES = 64 * 1024;

/** How something is fetched. */
export interface JsonRequest {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The global `fetch` unless told. */
  readonly fetch?: typeof fetch | undefined;
}

/** A JSON object as it came. */
export interface FetchedJson {
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/**
 * Fetches a JSON object without trusting the other side to be short, quick, or itself: a redirect is an error, as it
 * would let the one who answers choose where keys come from.
 *
 * @throws {Error} for anything but 200 with a JSON object of at most 64 KiB
 */
export async function fetchJson(url: string, request: JsonRequest): Promise<FetchedJson> {
  const { signal, fetch = globalThis.fetch } = request;
  const headers = { accept: 'application/json', ...request.headers };
  const response = await fetch(url, { signal, redirect: 'error', headers });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  return { body: parseStrictObject(await readBody(response)), headers: response.headers };
}

/** A URL with more parameters, which stand there as they are. */
export function withQuery(url: string, query: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
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
