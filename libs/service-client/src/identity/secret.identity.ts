import type { ClientIdentity } from './client-identity.js';

/** `client_secret_basic` (RFC 6749 §2.3.1). */
export class SecretIdentity implements ClientIdentity {
  readonly #authorization: string;

  constructor(
    readonly clientId: string,
    secret: string,
  ) {
    const pair = [clientId, secret].map((text) => encodeURIComponent(text)).join(':');
    this.#authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }

  authenticate(_form: URLSearchParams, headers: Headers): Promise<void> {
    headers.set('authorization', this.#authorization);
    return Promise.resolve();
  }
}
