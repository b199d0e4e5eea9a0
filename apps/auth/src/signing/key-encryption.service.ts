import { Inject, Injectable } from '@nestjs/common';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { authConfig, type AuthConfig } from '../config/auth.config.js';

const VERSION = 1;
const ID_BYTES = 8;
/** NIST SP 800-38D §8.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES + NONCE_BYTES;

interface EncryptionKey {
  /** Names the key without telling it: which key a sealed text needs can be said before trying. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** A sealed text cannot be opened: `KEY_ENCRYPTION_KEY` is another, or the text was changed. */
export class KeyEncryptionError extends Error {
  override readonly name = 'KeyEncryptionError';
}

/**
 * Seals private keys at rest with AES-256-GCM: version, id of the encryption key, nonce, ciphertext, tag.
 * The `kid` is authenticated with it, so that no private key can be put into another key's row.
 */
@Injectable()
export class KeyEncryptionService {
  private readonly current: EncryptionKey | undefined;
  private readonly all: readonly EncryptionKey[];

  constructor(
    @Inject(authConfig.KEY) config: Pick<AuthConfig, 'KEY_ENCRYPTION_KEY' | 'KEY_ENCRYPTION_KEY_PREVIOUS'>,
  ) {
    this.all = [config.KEY_ENCRYPTION_KEY, config.KEY_ENCRYPTION_KEY_PREVIOUS].flatMap((text) =>
      text === undefined ? [] : [encryptionKey(text)],
    );
    this.current = config.KEY_ENCRYPTION_KEY === undefined ? undefined : this.all[0];
  }

  seal(kid: string, text: Buffer): Buffer {
    if (!this.current) throw new KeyEncryptionError('KEY_ENCRYPTION_KEY is not set');
    const { id, key } = this.current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(kid));
    const sealed = [cipher.update(text), cipher.final()];
    return Buffer.concat([Buffer.of(VERSION), id, nonce, ...sealed, cipher.getAuthTag()]);
  }

  /** @throws {KeyEncryptionError} when none of the encryption keys opens it */
  open(kid: string, sealed: Buffer): Buffer {
    const found = this.keyOf(sealed);
    if (!found) {
      throw new KeyEncryptionError(
        `KEY_ENCRYPTION_KEY is not the one that signing key ${kid} was encrypted with (its id is ${idOf(sealed).toString('hex')})`,
      );
    }
    try {
      const nonce = sealed.subarray(1 + ID_BYTES, HEADER_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(kid))
        .setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new KeyEncryptionError(`The private key of signing key ${kid} was changed in the database`, {
        cause,
      });
    }
  }

  /** Whether it is sealed with the key that is used for new ones. */
  isCurrent(sealed: Buffer): boolean {
    return this.keyOf(sealed) === this.current;
  }

  private keyOf(sealed: Buffer): EncryptionKey | undefined {
    return sealed[0] === VERSION ? this.all.find(({ id }) => id.equals(idOf(sealed))) : undefined;
  }
}

function encryptionKey(text: string): EncryptionKey {
  const bytes = Buffer.from(text, 'base64');
  const id = createHash('sha256').update('signet key-encryption key id').update(bytes).digest();
  return { id: id.subarray(0, ID_BYTES), key: createSecretKey(bytes) };
}

function idOf(sealed: Buffer): Buffer {
  return sealed.subarray(1, 1 + ID_BYTES);
}
