/** How this service proves to auth which one it is. */
export interface ClientIdentity {
  readonly clientId: string;
  /**
   * Adds the proof to a token request.
   *
   * @throws {Error} when the file that the proof comes from cannot be read
   */
  authenticate(form: URLSearchParams, headers: Headers): Promise<void>;
}

/** RFC 7523 §2.2. */
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
