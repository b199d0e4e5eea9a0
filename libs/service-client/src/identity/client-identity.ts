import { readFile } from 'node:fs/promises';

/** How this service proves to auth which one it is. */
export interface ClientIdentity {
  readonly clientId: string;
  /**
   * Adds the proof to a token request.
   *
   * @throws {Error} when the file that the proof comes from cannot be read
   */
  authenticate(form: URLSearchParams, headers: Headers): void | Promise<void>;
}

/** RFC 7523 §2.2. */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `client_secret_basic` (RFC 6749 §2.3.1). */
export function secretIdentity(clientId: string, secret: string): ClientIdentity {
  const pair = [clientId, secret].map((text) => encodeURIComponent(text)).join(':');
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return { clientId, authenticate: (_form, headers) => headers.set('authorization', authorization) };
}

/** A projected service account token of Kubernetes: read anew for each token request, as the kubelet renews it. */
export function assertionFileIdentity(clientId: string, file: string): ClientIdentity {
  return {
    clientId,
    async authenticate(form) {
      form.set('client_id', clientId);
      form.set('client_assertion_type', JWT_BEARER);
      form.set('client_assertion', (await readFile(file, 'utf8')).trim());
    },
  };
}
