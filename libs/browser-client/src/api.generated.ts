// Made by `npm run openapi:check -- --write` from the OpenAPI document of auth.

export type ClientOptions = {
  baseUrl: `${string}://${string}` | (string & {});
};

export type RefreshDto = {
  /**
   * Left out by browsers that have it in the session cookie.
   */
  refresh_token?: string;
  /**
   * One of the configured audiences: the access token is good there alone.
   */
  audience?: string;
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

export type LogoutDto = {
  /**
   * When the access token has run out.
   */
  refresh_token?: string;
};

export type MeDto = {
  user_id: string;
  email: string;
  email_verified: boolean;
  created_at: string;
};

export type AcceptedDto = {
  status: 'accepted';
};

export type ConfirmPasswordDto = {
  password: string;
};

export type RegisterDto = {
  email: string;
  /**
   * At least `PASSWORD_MIN_LENGTH` characters.
   */
  password: string;
};

export type LoginDto = {
  email: string;
  password: string;
  /**
   * One of the configured audiences: the access token is good there alone.
   */
  audience?: string;
  /**
   * For browsers: the refresh token goes into a cookie that no script can read.
   */
  mode?: 'cookie';
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

export type RegistrationRegisterData = {
  body: RegisterDto;
  path?: never;
  query?: never;
  url: '/auth/register';
};

export type RegistrationRegisterErrors = {
  /**
   * - `VALIDATION_FAILED`: The request is not valid.
   * - `MALFORMED_JSON`: The request body is not valid JSON.
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'VALIDATION_FAILED' | 'MALFORMED_JSON' | 'MALFORMED_REQUEST';
  };
  /**
   * - `BODY_TOO_LARGE`: The request body must not exceed 16 KiB.
   */
  413: Problem & {
    code: 'BODY_TOO_LARGE';
  };
  /**
   * - `UNSUPPORTED_MEDIA_TYPE`: The request body must be JSON, sent as application/json.
   */
  415: Problem & {
    code: 'UNSUPPORTED_MEDIA_TYPE';
  };
  /**
   * - `TOO_MANY_REQUESTS`: Too many attempts. Try again later.
   */
  429: Problem & {
    code: 'TOO_MANY_REQUESTS';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type RegistrationRegisterError = RegistrationRegisterErrors[keyof RegistrationRegisterErrors];

export type RegistrationRegisterResponses = {
  /**
   * Accepted
   */
  202: AcceptedDto;
};

export type RegistrationRegisterResponse = RegistrationRegisterResponses[keyof RegistrationRegisterResponses];

export type AuthLoginData = {
  body: LoginDto;
  path?: never;
  query?: never;
  url: '/auth/login';
};

export type AuthLoginErrors = {
  /**
   * - `VALIDATION_FAILED`: The request is not valid.
   * - `MALFORMED_JSON`: The request body is not valid JSON.
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'VALIDATION_FAILED' | 'MALFORMED_JSON' | 'MALFORMED_REQUEST';
  };
  /**
   * - `INVALID_CREDENTIALS`: The e-mail address or the password is wrong.
   */
  401: Problem & {
    code: 'INVALID_CREDENTIALS';
  };
  /**
   * - `ORIGIN_NOT_ALLOWED`: The session cookie counts in JSON requests from an allowed origin only.
   */
  403: Problem & {
    code: 'ORIGIN_NOT_ALLOWED';
  };
  /**
   * - `BODY_TOO_LARGE`: The request body must not exceed 16 KiB.
   */
  413: Problem & {
    code: 'BODY_TOO_LARGE';
  };
  /**
   * - `UNSUPPORTED_MEDIA_TYPE`: The request body must be JSON, sent as application/json.
   */
  415: Problem & {
    code: 'UNSUPPORTED_MEDIA_TYPE';
  };
  /**
   * - `TOO_MANY_REQUESTS`: Too many attempts. Try again later.
   */
  429: Problem & {
    code: 'TOO_MANY_REQUESTS';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `SIGNING_KEY_UNAVAILABLE`: There is no key to sign tokens with
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'SIGNING_KEY_UNAVAILABLE' | 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type AuthLoginError = AuthLoginErrors[keyof AuthLoginErrors];

export type AuthLoginResponses = {
  /**
   * OK
   */
  200: TokensDto;
};

export type AuthLoginResponse = AuthLoginResponses[keyof AuthLoginResponses];

export type RefreshRefreshData = {
  body?: RefreshDto;
  path?: never;
  query?: never;
  url: '/auth/refresh';
};

export type RefreshRefreshErrors = {
  /**
   * - `VALIDATION_FAILED`: The request is not valid.
   * - `MALFORMED_JSON`: The request body is not valid JSON.
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'VALIDATION_FAILED' | 'MALFORMED_JSON' | 'MALFORMED_REQUEST';
  };
  /**
   * - `INVALID_REFRESH_TOKEN`: The refresh token is not valid.
   */
  401: Problem & {
    code: 'INVALID_REFRESH_TOKEN';
  };
  /**
   * - `ORIGIN_NOT_ALLOWED`: The session cookie counts in JSON requests from an allowed origin only.
   */
  403: Problem & {
    code: 'ORIGIN_NOT_ALLOWED';
  };
  /**
   * - `BODY_TOO_LARGE`: The request body must not exceed 16 KiB.
   */
  413: Problem & {
    code: 'BODY_TOO_LARGE';
  };
  /**
   * - `UNSUPPORTED_MEDIA_TYPE`: The request body must be JSON, sent as application/json.
   */
  415: Problem & {
    code: 'UNSUPPORTED_MEDIA_TYPE';
  };
  /**
   * - `TOO_MANY_REQUESTS`: Too many attempts. Try again later.
   */
  429: Problem & {
    code: 'TOO_MANY_REQUESTS';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `SIGNING_KEY_UNAVAILABLE`: There is no key to sign tokens with
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'SIGNING_KEY_UNAVAILABLE' | 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type RefreshRefreshError = RefreshRefreshErrors[keyof RefreshRefreshErrors];

export type RefreshRefreshResponses = {
  /**
   * OK
   */
  200: TokensDto;
};

export type RefreshRefreshResponse = RefreshRefreshResponses[keyof RefreshRefreshResponses];

export type RefreshLogoutData = {
  body?: LogoutDto;
  path?: never;
  query?: never;
  url: '/auth/logout';
};

export type RefreshLogoutErrors = {
  /**
   * - `VALIDATION_FAILED`: The request is not valid.
   * - `MALFORMED_JSON`: The request body is not valid JSON.
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'VALIDATION_FAILED' | 'MALFORMED_JSON' | 'MALFORMED_REQUEST';
  };
  /**
   * - `UNAUTHORIZED`: Unauthorized
   * - `TOKEN_EXPIRED`: Token expired
   * - `INVALID_TOKEN`: Invalid token
   * - `TOKEN_STALE`: Token expired
   */
  401: Problem & {
    code: 'UNAUTHORIZED' | 'TOKEN_EXPIRED' | 'INVALID_TOKEN' | 'TOKEN_STALE';
  };
  /**
   * - `USER_REQUIRED`: Only a user may do this
   * - `ORIGIN_NOT_ALLOWED`: The session cookie counts in JSON requests from an allowed origin only.
   */
  403: Problem & {
    code: 'USER_REQUIRED' | 'ORIGIN_NOT_ALLOWED';
  };
  /**
   * - `BODY_TOO_LARGE`: The request body must not exceed 16 KiB.
   */
  413: Problem & {
    code: 'BODY_TOO_LARGE';
  };
  /**
   * - `UNSUPPORTED_MEDIA_TYPE`: The request body must be JSON, sent as application/json.
   */
  415: Problem & {
    code: 'UNSUPPORTED_MEDIA_TYPE';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `KEYS_UNAVAILABLE`: Access tokens cannot be verified right now
   * - `REVOCATIONS_STALE`: It is not known right now whether the access token has been revoked
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'KEYS_UNAVAILABLE' | 'REVOCATIONS_STALE' | 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type RefreshLogoutError = RefreshLogoutErrors[keyof RefreshLogoutErrors];

export type RefreshLogoutResponses = {
  /**
   * The session is over, or was before.
   */
  204: void;
};

export type RefreshLogoutResponse = RefreshLogoutResponses[keyof RefreshLogoutResponses];

export type AccountRemoveData = {
  body: ConfirmPasswordDto;
  path?: never;
  query?: never;
  url: '/auth/me';
};

export type AccountRemoveErrors = {
  /**
   * - `VALIDATION_FAILED`: The request is not valid.
   * - `MALFORMED_JSON`: The request body is not valid JSON.
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'VALIDATION_FAILED' | 'MALFORMED_JSON' | 'MALFORMED_REQUEST';
  };
  /**
   * - `UNAUTHORIZED`: Unauthorized
   * - `TOKEN_EXPIRED`: Token expired
   * - `INVALID_TOKEN`: Invalid token
   * - `TOKEN_STALE`: Token expired
   * - `INVALID_CREDENTIALS`: The password is wrong.
   */
  401: Problem & {
    code: 'UNAUTHORIZED' | 'TOKEN_EXPIRED' | 'INVALID_TOKEN' | 'TOKEN_STALE' | 'INVALID_CREDENTIALS';
  };
  /**
   * - `USER_REQUIRED`: Only a user may do this
   */
  403: Problem & {
    code: 'USER_REQUIRED';
  };
  /**
   * - `BODY_TOO_LARGE`: The request body must not exceed 16 KiB.
   */
  413: Problem & {
    code: 'BODY_TOO_LARGE';
  };
  /**
   * - `UNSUPPORTED_MEDIA_TYPE`: The request body must be JSON, sent as application/json.
   */
  415: Problem & {
    code: 'UNSUPPORTED_MEDIA_TYPE';
  };
  /**
   * - `TOO_MANY_REQUESTS`: Too many attempts. Try again later.
   */
  429: Problem & {
    code: 'TOO_MANY_REQUESTS';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `KEYS_UNAVAILABLE`: Access tokens cannot be verified right now
   * - `REVOCATIONS_STALE`: It is not known right now whether the access token has been revoked
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'KEYS_UNAVAILABLE' | 'REVOCATIONS_STALE' | 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type AccountRemoveError = AccountRemoveErrors[keyof AccountRemoveErrors];

export type AccountRemoveResponses = {
  /**
   * No Content
   */
  204: void;
};

export type AccountRemoveResponse = AccountRemoveResponses[keyof AccountRemoveResponses];

export type AccountMeData = {
  body?: never;
  path?: never;
  query?: never;
  url: '/auth/me';
};

export type AccountMeErrors = {
  /**
   * - `MALFORMED_REQUEST`: The request could not be understood.
   */
  400: Problem & {
    code: 'MALFORMED_REQUEST';
  };
  /**
   * - `UNAUTHORIZED`: Unauthorized
   * - `TOKEN_EXPIRED`: Token expired
   * - `INVALID_TOKEN`: Invalid token
   * - `TOKEN_STALE`: Token expired
   */
  401: Problem & {
    code: 'UNAUTHORIZED' | 'TOKEN_EXPIRED' | 'INVALID_TOKEN' | 'TOKEN_STALE';
  };
  /**
   * - `USER_REQUIRED`: Only a user may do this
   */
  403: Problem & {
    code: 'USER_REQUIRED';
  };
  /**
   * - `INTERNAL_ERROR`: Something went wrong on our side.
   */
  500: Problem & {
    code: 'INTERNAL_ERROR';
  };
  /**
   * - `KEYS_UNAVAILABLE`: Access tokens cannot be verified right now
   * - `REVOCATIONS_STALE`: It is not known right now whether the access token has been revoked
   * - `OVERLOADED`: Too much is going on right now. Try again shortly.
   * - `DATABASE_UNAVAILABLE`: The service cannot reach its data right now. Try again shortly.
   */
  503: Problem & {
    code: 'KEYS_UNAVAILABLE' | 'REVOCATIONS_STALE' | 'OVERLOADED' | 'DATABASE_UNAVAILABLE';
  };
};

export type AccountMeError = AccountMeErrors[keyof AccountMeErrors];

export type AccountMeResponses = {
  /**
   * OK
   */
  200: MeDto;
};

export type AccountMeResponse = AccountMeResponses[keyof AccountMeResponses];
