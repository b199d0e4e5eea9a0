/**
 * There are no keys to verify any token with, so every token is refused for now: 503 `KEYS_UNAVAILABLE`, as the token
 * may well be good.
 */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';

  /** @param retryAfter seconds after which it is worth asking again */
  constructor(readonly retryAfter: number) {
    super('No keys are available to verify access tokens');
  }
}
