/** Signature algorithms that a deployment can choose from (RFC 7518 §3.1, RFC 8037 §3.1). */
export const JWT_ALGORITHMS = ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const;

/** The one algorithm of a deployment, and of each of its keys. */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** Those with a public key, which a service fetches as a JWK set. */
export type AsymmetricAlgorithm = Exclude<JwtAlgorithm, 'HS256'>;

/**
 * Whether an `alg` value is a name of `algorithm`, in its exact spelling. Each has one name, but for EdDSA,
 * which RFC 9864 §2.2 renames to `Ed25519`.
 */
export function isNameOf(algorithm: JwtAlgorithm, alg: unknown): boolean {
  return alg === algorithm || (algorithm === 'EdDSA' && alg === 'Ed25519');
}
