import type { MeDto, Problem, ProblemCode, TokensDto } from './api.generated.js';

/** The person who is logged in, as `GET /auth/me` tells. */
export type User = MeDto;

/** What login and refresh answer; the refresh token only where no cookie holds it. */
export type Tokens = Pick<TokensDto, 'access_token' | 'expires_in'> & { readonly refresh_token?: string };

/** Problem details, as every failure of auth is answered (RFC 9457). */
export type { Problem };

/**
 * Codes of {@link SignetError}: those that auth's OpenAPI document lists for the routes that are called here,
 * `NETWORK_ERROR` when no answer came, `ORIGIN_NOT_LISTED` for a URL that `fetch` does not send the token to, and
 * `UNKNOWN` for an answer that is not auth's, as of a proxy.
 */
export type ErrorCode = ProblemCode | 'NETWORK_ERROR' | 'ORIGIN_NOT_LISTED' | 'UNKNOWN';
