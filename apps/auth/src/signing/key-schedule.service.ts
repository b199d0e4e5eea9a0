import { Inject, Injectable } from '@nestjs/common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { signerAt } from './key-state.js';
import type { SigningKeyRow } from './signing-keys.table.js';

/** Seconds beyond a token's life for which the key that signed it is kept: what verifiers may be lenient by, and more. */
const MARGIN_SECONDS = 60 + 10;

type Times = Pick<SigningKeyRow, 'createdAt' | 'signsFrom' | 'signsUntil' | 'expiresAt'>;
type Settings = Pick<AuthConfig, 'KEY_PUBLISH_AHEAD' | 'KEY_LIFETIME' | 'JWT_EXPIRES_IN'>;

/** When keys come and go. Keys are given in the order in which they sign. */
@Injectable()
export class KeyScheduleService {
  constructor(@Inject(authConfig.KEY) private readonly settings: Settings) {}

  /** Whether a successor has to be published now, for it to be known everywhere when the last key's time is over. */
  isSuccessorDue(keys: readonly SigningKeyRow[], now: Date): boolean {
    const last = lastOf(keys);
    return !last || last.signsUntil <= after(now, this.settings.KEY_PUBLISH_AHEAD);
  }

  /** The times of a successor: it signs when it has been published for long enough; at once if there is no other. */
  successor(keys: readonly SigningKeyRow[], now: Date): Times {
    const hasSigner = signerAt(keys, now) !== undefined;
    return { createdAt: now, ...this.from(hasSigner ? after(now, this.settings.KEY_PUBLISH_AHEAD) : now) };
  }

  /** What is true of a key that begins to sign then. */
  from(signsFrom: Date): Omit<Times, 'createdAt'> {
    return { signsFrom, ...this.until(after(signsFrom, this.settings.KEY_LIFETIME)) };
  }

  /** What is true of a key that signs until then. */
  until(signsUntil: Date): Pick<Times, 'signsUntil' | 'expiresAt'> {
    return { signsUntil, expiresAt: after(signsUntil, this.settings.JWT_EXPIRES_IN + MARGIN_SECONDS) };
  }
}

/** The one that signs last of all. */
export function lastOf(keys: readonly SigningKeyRow[]): SigningKeyRow | undefined {
  return keys.findLast(({ revokedAt }) => revokedAt === null);
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}
