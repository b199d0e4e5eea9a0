/** There are no keys to judge any token by, so every token is refused for now: 503, not 401. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';

  /** @param retryAfter seconds after which it is worth asking again */
  constructor(readonly retryAfter: number) {
    super('No keys are available to verify access tokens');
  }
}
