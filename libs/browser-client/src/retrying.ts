type Fetch = typeof fetch;

const MOST_TRIES = 3;
/** A service that asks for more patience than this is told of to the caller. */
const LONGEST_WAIT_SECONDS = 10;

/** Seconds of `Retry-After`; a date there is not ours. */
export function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Asks again after a 503 that says when: the services answer it before they begin with a request. */
export async function retrying(
  send: () => ReturnType<Fetch>,
  signal?: AbortSignal | null,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send();
    const seconds = response.status === 503 ? retryAfter(response) : undefined;
    if (seconds === undefined || seconds > LONGEST_WAIT_SECONDS || attempt === MOST_TRIES) return response;
    await response.body?.cancel();
    // Not all at the same moment again.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000 * (1 + Math.random() / 2)));
    signal?.throwIfAborted();
  }
}
