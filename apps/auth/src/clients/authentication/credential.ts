import type { FastifyRequest } from 'fastify';
import { FormBody } from '../form-body.js';
import { invalidClient, OAuthError } from '../oauth-error.js';

/** What a client shows to prove who it is; nothing of it is to be believed yet. */
export type Credential =
  /** `client_secret_basic` (RFC 6749 §2.3.1). */
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  /** A signed JWT (RFC 7523 §2.2). */
  | { readonly kind: 'assertion'; readonly clientId: string | undefined; readonly assertion: string };

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** A projected token of Kubernetes has about 1,000 characters. */
const MAX_ASSERTION_LENGTH = 8192;

/**
 * Reads the credential of a request: in the `Authorization` header, or `client_assertion` of the form. A request
 * whose body is no form carries an assertion as `Authorization: Bearer`.
 *
 * @throws {OAuthError} `invalid_client` when there is none that can be read, `invalid_request` when there are several
 */
export function credentialOf({ headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): Credential {
  const form = body instanceof FormBody ? body : undefined;
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  const assertion = form?.get('client_assertion');
  const shown = [headers.authorization, assertion, form?.get('client_secret')];
  if (shown.filter((proof) => proof !== undefined).length > 1)
    throw new OAuthError('invalid_request', 'A client authenticates in one way at a time.');
  if (/^basic$/i.test(scheme)) return basic(value, form?.get('client_id'));
  if (!form && /^bearer$/i.test(scheme)) return ofAssertion(value, undefined);
  if (!form || assertion === undefined || form.get('client_assertion_type') !== JWT_BEARER)
    throw invalidClient();
  return ofAssertion(assertion, form.get('client_id'));
}

function basic(value: string, named: string | undefined): Credential {
  if (!BASE64.test(value)) throw invalidClient();
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [clientId, secret] = [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
  if (colon < 1 || clientId === undefined || secret === undefined) throw invalidClient();
  if (named !== undefined && named !== clientId)
    throw new OAuthError('invalid_request', 'client_id names another client than the Authorization header.');
  return { kind: 'secret', clientId, secret };
}

function ofAssertion(assertion: string, clientId: string | undefined): Credential {
  if (assertion.length > MAX_ASSERTION_LENGTH) throw invalidClient();
  return { kind: 'assertion', clientId, assertion };
}

/** Both halves are form-encoded before they are put together (RFC 6749 §2.3.1). */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
