/** RFC 7518 §3.2: a key of at least the hash's length. */
const MIN_BYTES = 32;
/** What is left of a secret, without the words below, must still be this long to count as one. */
const MIN_REMAINDER = 12;
/** 32 random hexadecimal digits have fewer different ones than this less than once in a million times. */
const MIN_DIFFERENT_CHARACTERS = 8;

/** Keys printed in standards, manuals and tutorials that people copy; anyone can sign with them. */
const PUBLISHED = [
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow', // RFC 7515 A.1
  'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', // RFC 7520 3.5
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7', // FastAPI's manual
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970', // Spring Security tutorials
  '413F4428472B4B6250655368566D5970337336763979244226452948404D6351', // Spring Security tutorials
  'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE', // NestJS
].map((secret) => secret.toLowerCase());

/** Django's mark on a key that it generated for development. */
const DJANGO_INSECURE = 'django-insecure-';

/** What placeholders are made of, jwt.io's `your-256-bit-secret` and `a-string-secret-at-least-256-bits-long` too. */
const PLACEHOLDER_WORDS = `
  your my our the this that some string text value here goes with and change replace insert enter put use set must
  should please not need super very really strong secure safe long random complex private hidden shared secret
  signing signature key token jwt auth access hmac hs256 sha256 password passwd passphrase admin root user qwerty
  qwertyuiop letmein default example sample placeholder dummy demo test dev local prod production insecure unsafe
  django nestjs node express spring signet least minimum min characters chars bytes byte bits bit abcdef
  abcdefghijklmnopqrstuvwxyz xyz 0123456789 1234567890 123456789 12345678 123456 1234 256 512 32 64`;

/** Longest first, so that no word hides behind the beginning of another. */
const WORDS = PLACEHOLDER_WORDS.trim()
  .split(/\s+/)
  .toSorted((a, b) => b.length - a.length);
const PLACEHOLDER = new RegExp(WORDS.join('|'), 'g');

/**
 * What makes a secret unfit for `HS256`, as the end of a sentence that begins with its name; `undefined` when
 * nothing does. Catches what people leave in by mistake; it cannot know whether a secret is really random.
 */
export function weaknessOf(secret: unknown): string | undefined {
  if (typeof secret !== 'string') return `must be set, to at least ${MIN_BYTES} random bytes`;
  if (Buffer.byteLength(secret, 'utf8') < MIN_BYTES) return `must be at least ${MIN_BYTES} bytes long`;
  const text = secret.trim().toLowerCase();
  if (text.startsWith(DJANGO_INSECURE) || PUBLISHED.some((published) => text.includes(published))) {
    return 'must not be a published secret: make a random one of your own';
  }
  if (isRepetition(text) || new Set(text).size < MIN_DIFFERENT_CHARACTERS) {
    return 'must not be a repetition of a few characters: make a random one';
  }
  const remainder = text.replaceAll(PLACEHOLDER, '').replaceAll(/[^\p{L}\p{N}]/gu, '');
  return remainder.length < MIN_REMAINDER ? 'must not be a placeholder: make a random one' : undefined;
}

/** Whether a text is a shorter one over and over, the last time perhaps cut off. */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period++) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}
