// Made by `npm run openapi:check -- --write` from the OpenAPI document of auth.

export type MeDto = {
  user_id: string;
  email: string;
  email_verified: boolean;
  created_at: string;
};

export type TokensDto = {
  access_token: string;
  token_type: 'Bearer';
  /**
   * Seconds until the access token expires.
   */
  expires_in: number;
  /**
   * Good for one exchange at `/auth/refresh`; with `mode: cookie` it is in the cookie.
   */
  refresh_token?: string;
};

/**
 * Problem details (RFC 9457). Programs branch on `code`, never on `detail`.
 */
export type Problem = {
  type: string;
  /**
   * The phrase of the status.
   */
  title: string;
  status: number;
  /**
   * For people.
   */
  detail: string;
  /**
   * Stable, in SCREAMING_SNAKE_CASE.
   */
  code: string;
  /**
   * With `VALIDATION_FAILED`: what is wrong with which member of the request.
   */
  errors?: Array<FieldError>;
};

export type FieldError = {
  /**
   * Its path in the body or the query.
   */
  field: string;
  message: string;
};

export type ProblemCode =
  | 'BODY_TOO_LARGE'
  | 'DATABASE_UNAVAILABLE'
  | 'INTERNAL_ERROR'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_REFRESH_TOKEN'
  | 'INVALID_TOKEN'
  | 'KEYS_UNAVAILABLE'
  | 'MALFORMED_JSON'
  | 'MALFORMED_REQUEST'
  | 'ORIGIN_NOT_ALLOWED'
  | 'OVERLOADED'
  | 'REVOCATIONS_STALE'
  | 'SIGNING_KEY_UNAVAILABLE'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_STALE'
  | 'TOKEN_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'USER_REQUIRED'
  | 'VALIDATION_FAILED';
