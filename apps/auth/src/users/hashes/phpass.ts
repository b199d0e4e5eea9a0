import { hash, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { demand, type HashFamily } from './password-hash.js';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The logarithm of the rounds as one character, eight of salt, and the digest. */
const FORM = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/;

/** Rounds; WordPress asks for 2^13. They run in JavaScript, between other work. */
const MAX_LOG_ROUNDS = 16;
/** About a millisecond. */
const ROUNDS_A_TURN = 1_024;

/** The portable hashes of PHPass, as WordPress (`$P$`) and phpBB (`$H$`) stored them: MD5, many times over. */
export const phpass: HashFamily = (text) => {
  const [, logRounds, salt, digest] = FORM.exec(text) ?? [];
  if (logRounds === undefined || salt === undefined || digest === undefined) return undefined;
  const exponent = ALPHABET.indexOf(logRounds);
  demand(exponent <= MAX_LOG_ROUNDS);
  const expected = Buffer.from(digest);
  return {
    verify: async (password) =>
      timingSafeEqual(Buffer.from(encode(await derive(password, salt, 2 ** exponent))), expected),
  };
};

async function derive(password: string, salt: string, rounds: number): Promise<Buffer> {
  const secret = Buffer.from(password);
  let digest = hash('md5', Buffer.concat([Buffer.from(salt), secret]), 'buffer');
  for (let round = 1; round <= rounds; round++) {
    digest = hash('md5', Buffer.concat([digest, secret]), 'buffer');
    if (round % ROUNDS_A_TURN === 0) await nextTurn();
  }
  return digest;
}

/** Three bytes are four characters, the lowest bits first. */
function encode(digest: Buffer): string {
  let text = '';
  for (let i = 0; i < digest.length; i += 3) {
    const length = Math.min(3, digest.length - i);
    let bits = digest.readUIntLE(i, length);
    for (let character = 0; character <= length; character++, bits >>= 6) text += ALPHABET[bits & 63];
  }
  return text;
}
