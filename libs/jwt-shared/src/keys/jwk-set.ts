import { createPublicKey } from 'node:crypto';
import { isNameOf, PUBLIC_KEY_ALGORITHMS } from '../jose/algorithm.js';
import { isObject } from '../jose/strict-json.js';
import type { TrustedKey } from './key-source.js';
import { trustedKey } from './trusted-key.js';

type PublicKeyAlgorithm = keyof typeof PUBLIC_KEY_ALGORITHMS;
type Jwk = Readonly<Record<string, unknown>>;

/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;
/** Members that make up a public key of any type; nothing else of a JWK reaches the import. */
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

const NO_KEYS: readonly TrustedKey[] = Object.freeze([]);

/** The public keys of one algorithm that a JWK set (RFC 7517) held when it was fetched. */
export class JwkSet {
  static readonly EMPTY = new JwkSet(new Map(), []);

  readonly #trusted: ReadonlySet<TrustedKey>;
  readonly #byKid = new Map<string | undefined, readonly TrustedKey[]>();

  private constructor(
    private readonly byText: ReadonlyMap<string, TrustedKey>,
    /** Why keys of the set are not used, in words for a log. */
    readonly refusals: readonly string[],
  ) {
    this.#trusted = new Set(byText.values());
    for (const key of this.#trusted) this.#byKid.set(key.kid, Object.freeze([key]));
    // OpenID Connect Core 10.1: a token may go without a `kid` only where there is no choice.
    if (this.#trusted.size === 1) this.#byKid.set(undefined, Object.freeze([...this.#trusted]));
    else this.#byKid.delete(undefined);
  }

  /** @returns at most one key: a second one of the same `kid` has been refused */
  find(kid: string | undefined): readonly TrustedKey[] {
    return this.#byKid.get(kid) ?? NO_KEYS;
  }

  has(key: TrustedKey): boolean {
    return this.#trusted.has(key);
  }

  /**
   * The set that follows this one. A key that is in both stays the same object, so that tokens which it has
   * verified remain verified.
   *
   * @param isStrict whether every key has to be one of `algorithm`, as in auth's own set; other issuers have keys for
   *   other purposes too, and may leave `alg` out (RFC 7517 §4.4)
   */
  next(jwks: readonly unknown[], algorithm: PublicKeyAlgorithm, isStrict = true): JwkSet {
    const keys = new Map<string, TrustedKey>();
    const kids = new Set<unknown>();
    const refusals: string[] = [];
    for (const jwk of isStrict ? jwks : jwks.filter((key) => isOfPurpose(key, algorithm))) {
      try {
        assertUsable(jwk, isStrict ? algorithm : undefined);
        if (kids.has(jwk['kid'])) throw new TypeError('there is another of its kid');
        const text = JSON.stringify([jwk['kid'], ...PUBLIC_MEMBERS.map((name) => jwk[name])]);
        keys.set(text, this.byText.get(text) ?? importKey(jwk, algorithm));
        kids.add(jwk['kid']);
      } catch (error) {
        refusals.push(`a key is not used: ${(error as Error).message}`);
      }
    }
    return new JwkSet(keys, refusals);
  }
}

/** Whether a key of a foreign set may be meant for signatures of `algorithm`; without `alg` its type decides. */
function isOfPurpose(jwk: unknown, algorithm: PublicKeyAlgorithm): boolean {
  if (!isObject(jwk)) return true;
  const { alg, use, kty, crv } = jwk;
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined) return isNameOf(algorithm, alg);
  const wanted = PUBLIC_KEY_ALGORITHMS[algorithm];
  return kty === wanted.kty && crv === wanted.crv;
}

function assertUsable(jwk: unknown, algorithm: PublicKeyAlgorithm | undefined): asserts jwk is Jwk {
  if (!isObject(jwk)) throw new TypeError('it is not an object');
  if (jwk['kty'] === 'oct' || PRIVATE_MEMBERS.some((name) => name in jwk))
    throw new TypeError('it is not public');
  if (algorithm !== undefined && !isNameOf(algorithm, jwk['alg']))
    throw new TypeError(`its alg is not ${algorithm}`);
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') throw new TypeError('its use is not sig');
  const { key_ops: operations = ['verify'], kid = '-' } = jwk;
  if (!Array.isArray(operations) || !operations.includes('verify'))
    throw new TypeError('its key_ops lack verify');
  if (typeof kid !== 'string' || kid === '') throw new TypeError('its kid is not a string');
}

function importKey(jwk: Jwk, algorithm: PublicKeyAlgorithm): TrustedKey {
  const members = Object.fromEntries(PUBLIC_MEMBERS.map((name) => [name, jwk[name]]));
  const key = createPublicKey({ key: members, format: 'jwk' });
  return trustedKey(algorithm, key, jwk['kid'] as string | undefined);
}
