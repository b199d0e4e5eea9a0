import { readFile } from 'node:fs/promises';
import { JWT_BEARER, type ClientIdentity } from './client-identity.js';

/** A projected service account token of Kubernetes: read anew for each token request, as the kubelet renews it. */
export class AssertionFileIdentity implements ClientIdentity {
  constructor(
    readonly clientId: string,
    private readonly file: string,
  ) {}

  /** @throws {Error} when the file cannot be read */
  async authenticate(form: URLSearchParams): Promise<void> {
    form.set('client_id', this.clientId);
    form.set('client_assertion_type', JWT_BEARER);
    form.set('client_assertion', (await readFile(this.file, 'utf8')).trim());
  }
}
