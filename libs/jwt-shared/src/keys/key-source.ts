import type { KeyObject } from 'node:crypto';
import type { TokenAlgorithm } from '../jose/algorithm.js';

/** A key together with the one algorithm that it may be used with (RFC 8725 §3.1). Make it by {@link trustedKey}. */
export interface TrustedKey {
  readonly kid: string | undefined;
  readonly algorithm: TokenAlgorithm;
  readonly key: KeyObject;
}

/**
 * Where the verifier gets keys from. The answer depends on the `kid` alone: a token never chooses its algorithm.
 * A source holds keys of one algorithm; `find` and `isTrusted` are asked on every request and must be cheap.
 */
export interface KeySource {
  /** The keys that a token with this `kid` may be signed by; usually one, none when it is unknown. */
  find(kid: string | undefined): readonly TrustedKey[];
  /** Whether a key that `find` gave earlier, the very same object, may still be used. */
  isTrusted(key: TrustedKey): boolean;
  /**
   * Called once for a well-formed token when `find` gave nothing, which `find` is then asked again for.
   *
   * @throws {KeysUnavailable} when the source has no keys at all to judge tokens by
   */
  refetch?(kid: string | undefined): Promise<void>;
  /** Whether there are keys to judge tokens by; absent: always. */
  readonly isAvailable?: boolean;
  /** Seconds since the keys were last known to be all there are; absent where they are never fetched. */
  age?(): number;
  /** Called when a key has been revoked, so that the one which takes its place is known before it is needed. */
  refresh?(): Promise<void>;
  /** Begins background work; called when the application starts, which it must neither hold up nor fail. */
  start?(): void;
  /** Ends background work. */
  stop?(): void;
}
