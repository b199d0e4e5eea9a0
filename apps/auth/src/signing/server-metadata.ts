import type { AuthConfig } from '../config/auth.config.js';

/** Where auth is reached under its own name. */
export function baseUrlOf({ JWT_ISSUER, AUTH_URL }: Pick<AuthConfig, 'JWT_ISSUER' | 'AUTH_URL'>): string {
  return (/^https?:\/\//.test(JWT_ISSUER) ? JWT_ISSUER : AUTH_URL).replace(/\/+$/, '');
}

type Settings = Pick<AuthConfig, 'JWT_ISSUER' | 'AUTH_URL' | 'JWT_PROFILE'>;

const AUTHENTICATION_METHODS = ['client_secret_basic', 'private_key_jwt'];
const ASSERTION_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'];

/**
 * What this authorization server says about itself (RFC 8414 §2). It has no authorization endpoint, as people log in
 * where this deployment's own applications ask them to (RFC 9700 §2.4), so there are no response types. Grants are for
 * services; tokens of profile `bare` could not say that they are a service's, so there are none.
 */
export function metadataOf(config: Settings): object {
  const base = baseUrlOf(config);
  return {
    issuer: config.JWT_ISSUER,
    jwks_uri: `${base}/.well-known/jwks.json`,
    response_types_supported: [],
    ...(config.JWT_PROFILE === 'bare' ? { grant_types_supported: [] } : grantsAt(base)),
    service_documentation: `${base}/docs`,
  };
}

function grantsAt(base: string): object {
  return {
    grant_types_supported: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    ...endpointAt('token', `${base}/oauth/token`),
    ...endpointAt('introspection', `${base}/oauth/introspect`),
    ...endpointAt('revocation', `${base}/oauth/revoke`),
  };
}

function endpointAt(name: string, url: string): object {
  return {
    [`${name}_endpoint`]: url,
    [`${name}_endpoint_auth_methods_supported`]: AUTHENTICATION_METHODS,
    [`${name}_endpoint_auth_signing_alg_values_supported`]: ASSERTION_ALGORITHMS,
  };
}
