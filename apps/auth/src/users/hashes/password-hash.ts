/** A password's hash of any kind that can be checked. */
export interface PasswordHash {
  /** Does the one key derivation that the hash asks for. */
  verify(password: string): Promise<boolean>;
}

/**
 * One kind of hash: reads the texts that are of this kind.
 *
 * @returns nothing for a text of another kind
 * @throws {UnusableHash} for one of this kind that asks for more work or memory than a login may cost
 */
export type HashFamily = (text: string) => PasswordHash | undefined;

/** A text that no password is checked against; the message completes "the password's hash …". */
export class UnusableHash extends Error {}

/** @throws {UnusableHash} unless the cost is one that a login may have */
export function demand(isAffordable: boolean): void {
  if (!isAffordable) throw new UnusableHash('asks for more work or memory than a login may cost');
}

/** Decodes base64 with or without padding; passlib writes a dot for the plus. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
