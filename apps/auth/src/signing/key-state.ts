import type { SigningKeyRow } from './signing-keys.table.js';

/**
 * What a key is good for: `next` is published and does not sign yet, `current` signs, `retiring` is published until
 * the last token that it signed has expired; `gone` and `revoked` keys are not trusted.
 */
export type KeyState = 'next' | 'current' | 'retiring' | 'gone' | 'revoked';

type Times = Pick<SigningKeyRow, 'signsFrom' | 'expiresAt' | 'revokedAt'>;

/**
 * The key that signs at a time: the newest that may. It does so past its planned end if there is no other, as a
 * key that verifiers know is better than one that they have yet to fetch.
 */
export function signerAt<Key extends Times>(keys: readonly Key[], now: Date): Key | undefined {
  return keys
    .filter((key) => key.revokedAt === null && key.signsFrom <= now)
    .reduce<Key | undefined>(
      (newest, key) => (newest && newest.signsFrom >= key.signsFrom ? newest : key),
      undefined,
    );
}

/** Every replica derives the same from the same rows, without a leader. */
export function stateOf<Key extends Times>(key: Key, keys: readonly Key[], now: Date): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (key.signsFrom > now) return 'next';
  if (key === signerAt(keys, now)) return 'current';
  return key.expiresAt > now ? 'retiring' : 'gone';
}

/** Whether verifiers are told of it. */
export function isPublished(state: KeyState): boolean {
  return state !== 'gone' && state !== 'revoked';
}
