/** Signature algorithms that auth can sign with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const JWT_ALGORITHMS = ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const;

/** The one algorithm of a deployment of auth, and of each of its keys. */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** Those with a public key, which a service fetches as a JWK set. */
export type AsymmetricAlgorithm = Exclude<JwtAlgorithm, 'HS256'>;

/** Those that the issuer of a token may have signed it with: other issuers have more than auth. */
export type TokenAlgorithm = JwtAlgorithm | 'ES384' | 'ES512' | 'RS384' | 'RS512' | 'PS384' | 'PS512';

/** What the keys and the signatures of an algorithm are like. */
export interface AlgorithmTraits {
  /** `kty` and `crv` of a JWK (RFC 7518 §6, RFC 8037 §2). */
  readonly kty: 'EC' | 'RSA' | 'OKP';
  readonly crv?: string;
  /** `null` where the algorithm hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** Bytes of R and S together (RFC 7518 §3.4, RFC 8032 §5.1.6); those of the modulus for RSA. */
  readonly signatureBytes?: number;
  readonly isPss?: boolean;
}

/** Every {@link TokenAlgorithm} with a public key. */
export const PUBLIC_KEY_ALGORITHMS: Readonly<Record<Exclude<TokenAlgorithm, 'HS256'>, AlgorithmTraits>> = {
  ES256: { kty: 'EC', crv: 'P-256', hash: 'sha256', signatureBytes: 64 },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'sha384', signatureBytes: 96 },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'sha512', signatureBytes: 132 },
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  PS256: { kty: 'RSA', hash: 'sha256', isPss: true },
  PS384: { kty: 'RSA', hash: 'sha384', isPss: true },
  PS512: { kty: 'RSA', hash: 'sha512', isPss: true },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', hash: null, signatureBytes: 64 },
};

/** Every {@link TokenAlgorithm}. */
export const TOKEN_ALGORITHMS: readonly TokenAlgorithm[] = [
  'HS256',
  ...(Object.keys(PUBLIC_KEY_ALGORITHMS) as (keyof typeof PUBLIC_KEY_ALGORITHMS)[]),
];

/**
 * Whether an `alg` value is a name of `algorithm`, in its exact spelling. Each has one name, but for EdDSA,
 * which RFC 9864 §2.2 renames to `Ed25519`.
 */
export function isNameOf(algorithm: TokenAlgorithm, alg: unknown): boolean {
  return alg === algorithm || (algorithm === 'EdDSA' && alg === 'Ed25519');
}
