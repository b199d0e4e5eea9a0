import type { ClaimNames } from './verifier-options.js';

type Payload = Readonly<Record<string, unknown>>;

/** Where issuers name the client that a token was issued to: RFC 9068 §2.2, OpenID Connect Core §2, Okta, Entra ID v1. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp', 'cid', 'appid'] as const;

/** What Keycloak adds to tokens of service accounts alone. Users choose their names, so the name is not enough. */
const SERVICE_ACCOUNT_CLAIMS = ['clientHost', 'clientAddress'] as const;

/** The claim that names the client; the first that is there counts. */
export function clientIdClaim(payload: Payload): string | undefined {
  return CLIENT_ID_CLAIMS.find((name) => payload[name] !== undefined);
}

/**
 * Whether another issuer's token is a client's own, which acts for no user. Issuers say so in different ways, and a mark
 * of any of them counts: `sub` is the client (RFC 9068 §2.2), or the client `@clients` (Auth0); `gty` (Auth0);
 * `idtyp` (Entra ID, where asked for); the claims of a service account (Keycloak); what the service itself has said.
 *
 * @returns `undefined` when it cannot be told, so that the token is neither a user's nor a client's
 */
export function isForeignClient(payload: Payload, names: ClaimNames | undefined): boolean | undefined {
  const { sub, gty, idtyp, preferred_username: username } = payload;
  const ids = CLIENT_ID_CLAIMS.flatMap((name) => (typeof payload[name] === 'string' ? [payload[name]] : []));
  const isMarked =
    ids.some((id) => sub === id || sub === `${id}@clients`) ||
    [gty].flat().includes('client-credentials') ||
    idtyp === 'app' ||
    SERVICE_ACCOUNT_CLAIMS.some((name) => Object.hasOwn(payload, name));
  // With two names it would have the rights of one and be known by the other.
  if (isMarked) return new Set(ids).size > 1 ? undefined : true;
  // Either a service account whose other claims have been taken away, or a person who has chosen such a name.
  if (ids.some((id) => username === `service-account-${id.toLowerCase()}`)) return undefined;
  try {
    return Boolean(names?.client?.(payload));
  } catch {
    // It sees what anyone may send, before the signature is checked.
    return undefined;
  }
}
