import {
  createRemoteJWKSet,
  customFetch,
  errors,
  importJWK,
  jwtVerify,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import type { AccountEvent } from '../account-event.js';
import { parseSet } from './parse-set.js';
import { SetRefused, type RefusalCode } from './set-refused.js';
import { faultOfKeys } from './transmitter-fault.js';
import type { TransmitterOptions } from './transmitter.client.js';

/** RFC 8417 §2.3. */
const TYP = 'secevent+jwt';
/** An asymmetric key never verifies an HMAC, and the reverse. */
const ASYMMETRIC = ['ES256', 'EdDSA', 'PS256', 'RS256'];
/** Between two fetches of the keys because of an unknown one: auth may have withdrawn a key just now. */
const COOLDOWN_MS = 1_000;

/** Checks security event tokens (RFC 8417) with the transmitter's public keys, or with the stream's own key. */
export class SetVerifier {
  private readonly publicKeys: JWTVerifyGetKey;

  constructor(private readonly options: TransmitterOptions) {
    this.publicKeys = createRemoteJWKSet(new URL(options.jwksUrl), {
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: options.fetch,
    });
  }

  /**
   * @param jti under which the token was delivered
   * @param streamKey where the transmitter signs each stream with a symmetric key
   * @throws {SetRefused} when it is not to be believed
   * @throws {TransmitterFault} when that cannot be told now, such as while the keys cannot be fetched
   */
  async verify(token: string, jti: string, streamKey: JWK | undefined): Promise<AccountEvent> {
    const { issuer, clientId: audience } = this.options;
    const checks = { issuer, audience, typ: TYP };
    try {
      const { payload } =
        streamKey === undefined
          ? await jwtVerify(token, this.publicKeys, { ...checks, algorithms: ASYMMETRIC })
          : await jwtVerify(token, await importJWK(streamKey, 'HS256'), { ...checks, algorithms: ['HS256'] });
      return parseSet(payload, jti);
    } catch (error) {
      throw refusalOf(error) ?? faultOfKeys(error, this.options.jwksUrl);
    }
  }
}

const { JWTInvalid, JWSInvalid, JWTExpired, JOSEAlgNotAllowed, JOSENotSupported } = errors;
/** Faults of a token itself. */
const OF_TOKEN = [JWTInvalid, JWSInvalid, JWTExpired, JOSEAlgNotAllowed, JOSENotSupported];
const OF_CLAIM: Readonly<Record<string, RefusalCode>> = { iss: 'invalid_issuer', aud: 'invalid_audience' };

/** Nothing for what is not the token's fault. */
function refusalOf(error: unknown): SetRefused | undefined {
  if (error instanceof SetRefused) return error;
  if (error instanceof errors.JWTClaimValidationFailed)
    return new SetRefused(OF_CLAIM[error.claim] ?? 'invalid_request', error.message);
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new SetRefused('authentication_failed', error.message);
  const isTokens = OF_TOKEN.some((type) => error instanceof type);
  return isTokens ? new SetRefused('invalid_request', (error as Error).message) : undefined;
}
