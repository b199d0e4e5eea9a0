import { WholeNumber } from '@signet/service-kit';
import { Matches, MaxLength } from 'class-validator';
import { Rule } from './rule.js';

/**
 * The least memory in KiB for a number of passes: OWASP's table of equal strength (Password Storage Cheat Sheet,
 * argon2id). From five passes on it stays the same.
 */
const MEMORY_FLOORS_KIB: readonly number[] = [47_104, 19_456, 12_288, 9_216, 7_168];

/** What new passwords must be like, and what their hashes cost. */
export class PasswordEnvironment {
  /** Characters; a Unicode code point counts as one (NIST SP 800-63B-4 §3.1.1.2). */
  @WholeNumber(8, 64) PASSWORD_MIN_LENGTH = 15;

  /** What the service is called: in mails, and in no password. */
  @Matches(/^[^\p{Cc}]+$/u, { message: 'must be a name on one line' })
  @MaxLength(64, { message: 'must be at most 64 characters long' })
  SERVICE_NAME = 'Signet';

  /** Of argon2id, in KiB. */
  @WholeNumber(7_168, 1_048_576)
  @Rule<PasswordEnvironment>(
    (env) => `must be at least ${leastMemory(env)} (KiB) with this ARGON2_PASSES`,
    // What is no number is told by the other rules.
    (value, env) => !(Number(value) < leastMemory(env)),
  )
  ARGON2_MEMORY = 19_456;

  /** Of argon2id. */
  @WholeNumber(1, 20) ARGON2_PASSES = 2;

  /** Of argon2id. */
  @WholeNumber(1, 16) ARGON2_LANES = 1;
}

function leastMemory({ ARGON2_PASSES: passes }: PasswordEnvironment): number {
  return MEMORY_FLOORS_KIB[Math.min(passes, MEMORY_FLOORS_KIB.length) - 1] ?? 0;
}
