/** Codes that a transmitter is told (RFC 8935 §2.4, RFC 8936 §2.4.4). */
export type RefusalCode =
  'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience' | 'authentication_failed';

/** A security event token that is not to be believed. */
export class SetRefused extends Error {
  override readonly name = 'SetRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}
