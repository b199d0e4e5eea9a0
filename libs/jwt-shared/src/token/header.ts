import { isNameOf } from '../jose/algorithm.js';
import { TokenRejected } from './token-rejected.error.js';
import type { JwtProfile, VerifierOptions } from './verifier-options.js';

/** Members that change what a token means, or that offer a key to verify it by (RFC 7515 §4.1, RFC 7797). */
const FORBIDDEN = ['crit', 'b64', 'zip', 'enc', 'jwk', 'jku', 'x5u', 'x5c'] as const;

const MAX_KID_LENGTH = 128;

/** RFC 9068 §4 and RFC 7519 §5.1. Media types are case-insensitive. */
const TYPES: Readonly<Record<JwtProfile, readonly unknown[]>> = {
  rfc9068: ['at+jwt', 'application/at+jwt'],
  oidc: ['jwt', undefined, 'at+jwt', 'application/at+jwt'],
  bare: ['jwt', undefined],
};

/**
 * Checks a JOSE header against what a deployment has configured.
 *
 * @returns the `kid`
 * @throws {TokenRejected} `algorithm`, `header` or `type`
 */
export function checkHeader(
  header: Readonly<Record<string, unknown>>,
  { algorithm, profile }: VerifierOptions,
): string | undefined {
  if (!isNameOf(algorithm, header['alg'])) throw new TokenRejected('algorithm');
  if (FORBIDDEN.some((member) => Object.hasOwn(header, member))) throw new TokenRejected('header');
  const { typ, kid } = header;
  if (!TYPES[profile].includes(typeof typ === 'string' ? typ.toLowerCase() : typ))
    throw new TokenRejected('type');
  if (kid === undefined) return undefined;
  if (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH) throw new TokenRejected('header');
  return kid;
}
