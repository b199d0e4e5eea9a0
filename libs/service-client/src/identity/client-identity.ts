/** How this service proves to auth which one it is. */
export interface ClientIdentity {
  readonly clientId: string;
  /** Adds the proof to a token request. */
  authenticate(form: URLSearchParams, headers: Headers): Promise<void>;
}

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
