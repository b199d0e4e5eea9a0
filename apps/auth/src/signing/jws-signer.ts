import type { JwtAlgorithm, JwtProfile } from '@signet/jwt-shared';
import { constants, createHmac, sign, type KeyObject } from 'node:crypto';

/** Signs the ASCII of a JWS signing input; the signature in base64url. */
type Sign = (input: string) => string;

/** RFC 7518 §3 and RFC 8037 §3.1, each bound to a key. */
const ALGORITHMS: Readonly<Record<JwtAlgorithm, (key: KeyObject) => Sign>> = {
  HS256: (key) => (input) => createHmac('sha256', key).update(input, 'latin1').digest('base64url'),
  ES256: (key) => publicKeySignature('sha256', { key, dsaEncoding: 'ieee-p1363' }),
  RS256: (key) => publicKeySignature('sha256', { key, padding: constants.RSA_PKCS1_PADDING }),
  PS256: (key) =>
    publicKeySignature('sha256', {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  EdDSA: (key) => publicKeySignature(null, { key }),
};

/** A key to sign with, and how its tokens are marked. */
export interface JwsSignerOptions {
  readonly algorithm: JwtAlgorithm;
  /** None for a shared secret, which is known by its place in the configuration. */
  readonly kid?: string | undefined;
  /** The secret, or the private key. */
  readonly key: KeyObject;
  readonly typ: string;
}

/** Makes compact JWS (RFC 7515 §7.1) with one key. */
export class JwsSigner {
  private readonly sign: Sign;
  /** By `typ`: the same for every token of a kind. */
  private readonly headers = new Map<string, string>();

  constructor(private readonly options: JwsSignerOptions) {
    this.sign = ALGORITHMS[options.algorithm](options.key);
  }

  /**
   * @param payload JSON
   * @param typ of another kind of token than the signer is for; there are a few, each known in advance
   */
  compact(payload: string, typ = this.options.typ): string {
    const input = this.headerOf(typ) + encode(payload);
    return `${input}.${this.sign(input)}`;
  }

  private headerOf(typ: string): string {
    let header = this.headers.get(typ);
    if (header === undefined) {
      const { algorithm: alg, kid } = this.options;
      this.headers.set(typ, (header = `${encode(JSON.stringify({ alg, typ, kid }))}.`));
    }
    return header;
  }
}

/** The `typ` of access tokens: RFC 9068 §2.1, or what `bare` tokens have always had. */
export function typOf(profile: JwtProfile): string {
  return profile === 'bare' ? 'JWT' : 'at+jwt';
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function publicKeySignature(hash: 'sha256' | null, key: Parameters<typeof sign>[2]): Sign {
  return (input) => sign(hash, Buffer.from(input, 'latin1'), key).toString('base64url');
}

/** Where the key comes from that signs now: the shared secret, or the key ring. */
export abstract class SignerSource {
  abstract current(): JwsSigner;
}
