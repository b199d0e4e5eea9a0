import type { AuthConfig } from '../config/auth.config.js';

/**
 * What this authorization server says about itself (RFC 8414 §2). It has neither an authorization nor a token
 * endpoint, as people log in where this deployment's own applications ask them to (RFC 9700 §2.4), so there are no
 * response and grant types.
 */
export function metadataOf({
  JWT_ISSUER: issuer,
  AUTH_URL,
}: Pick<AuthConfig, 'JWT_ISSUER' | 'AUTH_URL'>): object {
  const base = (/^https?:\/\//.test(issuer) ? issuer : AUTH_URL).replace(/\/+$/, '');
  return {
    issuer,
    jwks_uri: `${base}/.well-known/jwks.json`,
    response_types_supported: [],
    grant_types_supported: [],
    service_documentation: `${base}/docs`,
  };
}
