/** Why there is no feed: for metrics. */
export const FEED_FAULTS = [
  'unauthorized',
  'not_found',
  'unavailable',
  'unreachable',
  'not_a_feed',
  'silent',
  'ended',
] as const;

const FEED_TYPE = 'text/event-stream';
/** Of a type in a log, which anyone may have sent. */
const MAX_TYPE_LENGTH = 100;

export type FeedFaultReason = (typeof FEED_FAULTS)[number];

/** Why there is no feed, and what to do about it. */
export class FeedFault extends Error {
  override readonly name = 'FeedFault';

  /**
   * @param kind a status or the code of an error, to search for
   * @param advice what an operator can do
   */
  constructor(
    readonly reason: FeedFaultReason,
    kind: string | number,
    advice: string,
  ) {
    super(`Revocation feed disconnected (${kind}): ${advice}`);
  }

  /** Whether it stays until a setting is changed. */
  get isLasting(): boolean {
    return ['unauthorized', 'not_found', 'not_a_feed'].includes(this.reason);
  }
}

/** What is wrong with an answer; nothing with one that may be a stream of events. */
export function faultOfAnswer({ status, headers }: Response, url: string): FeedFault | undefined {
  if (status !== 200) return faultOfStatus(status, url);
  // A page may go on for as long as a feed, and never be taken for one that says nothing.
  const [type = ''] = (headers.get('content-type') ?? FEED_TYPE).split(';');
  return type.trim().toLowerCase() === FEED_TYPE
    ? undefined
    : new FeedFault('not_a_feed', type.slice(0, MAX_TYPE_LENGTH), wrongUrl(url));
}

function faultOfStatus(status: number, url: string): FeedFault {
  if (status === 401 || status === 403)
    return new FeedFault('unauthorized', status, "REVOCATION_FEED_KEY differs from auth's");
  if (status === 404) return new FeedFault('not_found', status, wrongUrl(url));
  return new FeedFault('unavailable', status, `auth at ${url} cannot serve it right now`);
}

/** What a connection that could not be made, or that broke, means. */
export function faultOfError(error: unknown, url: string): FeedFault {
  if (error instanceof FeedFault) return error;
  const { message, cause } = error as Error;
  // `fetch` tells why it failed as the cause of a "fetch failed"; any other error is about what came over the wire.
  if (typeof cause === 'object' && cause !== null) {
    const { code, message: words } = cause as NodeJS.ErrnoException;
    if (words === 'unexpected redirect') return new FeedFault('not_found', 'redirect', wrongUrl(url));
    const advice = `${url} cannot be reached; is auth running, and is AUTH_URL or REVOCATION_FEED_URL right?`;
    return new FeedFault('unreachable', code ?? words, advice);
  }
  return new FeedFault('not_a_feed', message, wrongUrl(url));
}

function wrongUrl(url: string): string {
  return `AUTH_URL or REVOCATION_FEED_URL does not lead to auth, but to ${url}`;
}
