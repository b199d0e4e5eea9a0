/** One service that this one calls. */
export interface ServiceOptions {
  /** Its base URL; tokens go to this origin and to no other. */
  readonly url: string;
  /** Its name in `aud`; the name that it has in `services` unless told. */
  readonly audience?: string | undefined;
  /** What tokens for it must allow; all that auth has granted unless told. */
  readonly scopes?: readonly string[] | undefined;
  /** Milliseconds that a call may take; 10,000 unless told. */
  readonly timeout?: number | undefined;
}

/** What {@link ServiceClientModule.forRoot} takes. What is left out is read from the environment. */
export interface ServiceClientOptions {
  /** By the names that `@InjectService()` uses. */
  readonly services: Readonly<Record<string, ServiceOptions>>;
  /** This service's `client_id`; `CLIENT_ID` unless told. */
  readonly clientId?: string | undefined;
  /** The secret of the client; `CLIENT_SECRET` unless told. */
  readonly clientSecret?: string | undefined;
  /** A file with the private key of the client, a JWK or PEM; `CLIENT_KEY_FILE` unless told. */
  readonly clientKeyFile?: string | undefined;
  /** A file with a signed assertion that is renewed (a projected token of Kubernetes); `CLIENT_ASSERTION_FILE` unless told. */
  readonly clientAssertionFile?: string | undefined;
  /** Base URL of auth; `AUTH_URL` unless told, `http://localhost:3000` without either. */
  readonly authUrl?: string | undefined;
  /** What auth calls itself, the audience of assertions; `JWT_ISSUER` unless told, the URL of auth without either. */
  readonly issuer?: string | undefined;
  /** Tokens to remember, for each service that is called; 10,000 unless told. */
  readonly maxTokens?: number | undefined;
  /** Stands in for the global `fetch`: a proxy, a private CA, mutual TLS. */
  readonly fetch?: typeof fetch | undefined;
}
