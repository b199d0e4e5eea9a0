import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { KeyEncryptionService, KeyEncryptionError } from './key-encryption.service.js';

const key = (): string => randomBytes(32).toString('base64');
const text = randomBytes(138);

describe('a sealed private key', () => {
  const current = key();
  const encryption = new KeyEncryptionService({ KEY_ENCRYPTION_KEY: current });
  const sealed = encryption.seal('one', text);

  it('is opened again, and never sealed twice alike', () => {
    expect(encryption.open('one', sealed)).toEqual(text);
    expect(encryption.seal('one', text)).not.toEqual(sealed);
    expect(sealed.includes(text.subarray(0, 8))).toBe(false);
  });

  it('is opened with the previous encryption key, and then not current', () => {
    const changed = new KeyEncryptionService({
      KEY_ENCRYPTION_KEY: key(),
      KEY_ENCRYPTION_KEY_PREVIOUS: current,
    });
    expect(changed.open('one', sealed)).toEqual(text);
    expect([encryption.isCurrent(sealed), changed.isCurrent(sealed)]).toEqual([true, false]);
  });

  it('is not opened with another encryption key, which is told apart without trying', () => {
    const other = key();
    const open = () => new KeyEncryptionService({ KEY_ENCRYPTION_KEY: other }).open('one', sealed);
    expect(open).toThrow(KeyEncryptionError);
    expect(open).toThrow(/KEY_ENCRYPTION_KEY is not the one that signing key one was encrypted with/);
    expect(open).not.toThrow(other);
  });

  it('is not opened under the name of another key', () => {
    expect(() => encryption.open('two', sealed)).toThrow(KeyEncryptionError);
  });

  it.each(sealed.toJSON().data.map((_, index) => index))(
    'is not opened when byte %i was changed',
    (index) => {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => encryption.open('one', changed)).toThrow(KeyEncryptionError);
    },
  );

  it.each([0, 1, 20, 36])('is not opened when it is only %i bytes long', (length) => {
    expect(() => encryption.open('one', sealed.subarray(0, length))).toThrow(KeyEncryptionError);
  });
});
