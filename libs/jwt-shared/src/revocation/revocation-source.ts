import type { AccessToken } from '../access-token.js';

/** Knows which tokens ended before their time. Asked on every request, so it answers from memory. */
export interface RevocationSource {
  isRevoked(token: AccessToken): boolean;
  /** Whether the rights in a token have changed since it was issued; a source without it does not know of such. */
  isStale?(token: AccessToken): boolean;
  /** Seconds since all that was revoked by then was known here; a source without it is never behind. */
  age?(): number;
  /** Settles when all that is revoked is known for the first time; a source without it has always known. */
  readonly known?: Promise<void>;
  /** How well the source is informed, in fields for `/health/ready`. */
  describe?(): Readonly<Record<string, unknown>>;
  /** Has `listener` called whenever the source learns of revoked keys; asked once, before the start. */
  onKeyRevoked?(listener: () => void): void;
  /** Begins background work; called when the application starts, which it must neither hold up nor fail. */
  start?(): void;
  /** Ends background work. */
  stop?(): void;
}

/** For a service where tokens simply run out. */
export const NO_REVOCATIONS: RevocationSource = { isRevoked: () => false, age: () => Infinity };
