import type { ClientGrant } from './client-grant.js';
import type { Client } from './clients.repository.js';

/** A client as administrators see it: never a secret or a hash. */
export interface ClientDescription {
  readonly client_id: string;
  readonly grants: readonly ClientGrant[];
  readonly on_behalf_of_users: boolean;
  readonly authentication: 'secret' | 'public_key' | 'jwks_url' | 'service_account';
  readonly jwks_url: string | null;
  readonly service_account: string | null;
  /** Until when the previous secret is good; null: there is none. */
  readonly previous_secret_until: string | null;
  readonly disabled: boolean;
  readonly created_at: string;
  readonly last_token_at: string | null;
}

export function describeClient(client: Client): ClientDescription {
  return {
    client_id: client.id,
    grants: client.grants,
    on_behalf_of_users: client.onBehalfOfUsers,
    authentication: authenticationOf(client),
    jwks_url: client.jwksUrl,
    service_account: client.serviceAccount,
    previous_secret_until: future(client.previousSecretUntil),
    disabled: client.disabledAt !== null,
    created_at: client.createdAt.toISOString(),
    last_token_at: client.lastTokenAt?.toISOString() ?? null,
  };
}

function authenticationOf({
  publicKey,
  jwksUrl,
  serviceAccount,
}: Client): ClientDescription['authentication'] {
  if (publicKey !== null) return 'public_key';
  if (jwksUrl !== null) return 'jwks_url';
  return serviceAccount === null ? 'secret' : 'service_account';
}

function future(time: Date | null): string | null {
  return time !== null && time.getTime() > Date.now() ? time.toISOString() : null;
}
