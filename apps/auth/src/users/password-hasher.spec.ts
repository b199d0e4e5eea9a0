import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from '@app/service-kit';
import { HashQueue } from './hash-queue.js';
import { PasswordHasher } from './password-hasher.js';

const SETTINGS = { ARGON2_MEMORY: 19_456, ARGON2_PASSES: 2, ARGON2_LANES: 1 };
const TAIL = 'p=1$c29tZSBzYWx0$aGFzaA';

describe('the password hasher', () => {
  const hasher = new PasswordHasher(new HashQueue(new MetricsRegistry()), SETTINGS);

  it.each([
    ['less memory', `$argon2id$v=19$m=9216,t=4,${TAIL}`],
    ['fewer passes', `$argon2id$v=19$m=47104,t=1,${TAIL}`],
    ['an older version', `$argon2id$v=16$m=19456,t=2,${TAIL}`],
    ['a sibling of argon2id', `$argon2i$v=19$m=19456,t=2,${TAIL}`],
    ['bcrypt', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
    ['PBKDF2 as Django writes it', 'pbkdf2_sha256$1000000$salt$aGFzaA=='],
  ])('has a hash replaced that is made with %s', (_case, hash) => {
    expect(hasher.needsRehash(hash)).toBe(true);
  });

  it('leaves what is as strong, or stronger', async () => {
    expect(hasher.needsRehash(await hasher.hash('a long and quiet evening'))).toBe(false);
    expect(hasher.needsRehash(`$argon2id$v=19$m=65536,t=3,${TAIL}`)).toBe(false);
  });
});
