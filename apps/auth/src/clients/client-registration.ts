import { EVENTS_SCOPE, isAudience, isScope, type ClientGrant } from './client-grant.js';
import { isClientId } from './client-id.js';
import { clientIdInvalid, clientInvalid } from './clients.errors.js';
import type { Credentials } from './clients.repository.js';
import { parsePublicClientKey, type PublicClientKey } from './public-client-key.js';

/** What an administrator says about a new client. Without a way to prove who it is it gets a secret. */
export interface ClientRegistration {
  readonly id: string;
  readonly grants: readonly ClientGrant[];
  readonly onBehalfOfUsers: boolean;
  /** A JWK or PEM. */
  readonly publicKey?: string | undefined;
  readonly jwksUrl?: string | undefined;
  /** `namespace/name`. */
  readonly serviceAccount?: string | undefined;
}

/** More than any service calls. */
const MAX_GRANTS = 50;
const MAX_SCOPES = 100;
/** Kubernetes names: RFC 1123 labels, a service account may have dots. */
const SERVICE_ACCOUNT = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
/** Printable ASCII (RFC 3986 §2): what `new URL()` would drop or encode is refused. */
const URL_CHARACTERS = /^[\x21-\x7e]{1,2048}$/;
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * @param ownAudience auth's own name (`JWT_OWN_AUDIENCE`): tokens of account routes are meant for it, so a client of that
 * name could read them and exchange them for others
 * @throws {ProblemException} 400 `CLIENT_ID_INVALID`
 */
export function assertClientId(id: string, ownAudience: string): void {
  if (!isClientId(id) || id === ownAudience) throw clientIdInvalid(ownAudience);
}

/**
 * Checks the grants of a client.
 *
 * @param ownAudience auth's own name (`JWT_OWN_AUDIENCE`): no client gets tokens for the account routes, but it may be
 * named as where a client is told of account events
 * @throws {ProblemException} 400 `CLIENT_INVALID`
 */
export function assertGrants(grants: readonly ClientGrant[], ownAudience: string): void {
  if (grants.length === 0) throw clientInvalid('A client needs an audience that it may call.');
  if (grants.length > MAX_GRANTS) throw clientInvalid(`A client has at most ${MAX_GRANTS} audiences.`);
  for (const { audience, scopes } of grants) {
    if (!isAudience(audience))
      throw clientInvalid(
        'An audience is the name of a service: 1 to 255 printable characters without spaces.',
      );
    if (audience === ownAudience && !(scopes.length === 1 && scopes[0] === EVENTS_SCOPE))
      throw clientInvalid(
        `The audience ${ownAudience} is auth itself, whose account routes are for people alone; it can be given with the scope ${EVENTS_SCOPE}, and no other.`,
      );
    if (scopes.length > MAX_SCOPES || !scopes.every((scope) => isScope(scope)))
      throw clientInvalid(
        `An audience has at most ${MAX_SCOPES} scopes of 1 to 128 characters (RFC 6749 §3.3).`,
      );
    if (new Set(scopes).size < scopes.length) throw clientInvalid('Each scope of an audience is given once.');
  }
  if (new Set(grants.map(({ audience }) => audience)).size < grants.length)
    throw clientInvalid('Each audience is given once, with all its scopes.');
}

/**
 * Checks credentials, of which there is one at most.
 *
 * @param isProduction keys are then fetched over https alone
 * @throws {ProblemException} 400 `CLIENT_INVALID`
 */
export function storedCredentials(
  { publicKey, jwksUrl, serviceAccount }: Omit<ClientRegistration, 'id' | 'grants' | 'onBehalfOfUsers'>,
  isProduction: boolean,
): Omit<Credentials, 'secretHash'> {
  const given = [publicKey, jwksUrl, serviceAccount].filter((value) => value !== undefined);
  if (given.length > 1)
    throw clientInvalid(
      'A client has one credential: a public key, a JWKS URL, a service account, or a secret.',
    );
  if (jwksUrl !== undefined) assertJwksUrl(jwksUrl, isProduction);
  if (serviceAccount !== undefined) assertServiceAccount(serviceAccount);
  return {
    publicKey: publicKey === undefined ? null : readKey(publicKey),
    jwksUrl: jwksUrl ?? null,
    serviceAccount: serviceAccount ?? null,
  };
}

function readKey(text: string): PublicClientKey {
  try {
    return parsePublicClientKey(text);
  } catch (error) {
    throw clientInvalid(`The public key cannot be used: ${(error as Error).message}.`);
  }
}

/** As it is written, so that what is stored, shown and fetched is the same. */
function assertJwksUrl(text: string, isProduction: boolean): void {
  const url = URL_CHARACTERS.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && LOCAL.test(url.hostname) && !isProduction;
  const isPlain = url && !text.includes('@') && !text.includes('#');
  if (!isPlain || !(url.protocol === 'https:' || isLocal))
    throw clientInvalid(
      'The JWKS URL must be an https:// URL without credentials and fragment; http:// is for localhost, outside production.',
    );
}

function assertServiceAccount(text: string): void {
  if (!SERVICE_ACCOUNT.test(text)) throw clientInvalid('A service account is written NAMESPACE/NAME.');
  if (text.endsWith('/default'))
    throw clientInvalid(
      'Every pod without a service account of its own is "default": make one for the service.',
    );
}
