import { beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from '@signet/service-kit';
import type { Turn } from './fair-queue.js';
import { HashQueueService } from './hash-queue.service.js';
import { PasswordHasherService } from './password-hasher.service.js';

const SETTINGS = { ARGON2_MEMORY: 19_456, ARGON2_PASSES: 2, ARGON2_LANES: 1, HASH_NICENESS: 0 };
const QUEUE = { HASH_CONCURRENCY: 2, HASH_QUEUE: 64, HASH_DEADLINE_SECONDS: 5 };
const TURN = { network: '192.0.2.1', account: 'ada@example.com' };
const TAIL = 'p=1$c29tZSBzYWx0$aGFzaA';
const PHPASS = '$P$9gzi4vDXGOV4YgRYKd7sAPA.AhsSCY.';

/** Counts key runs: there is no way to one but through the queue. */
class CountingQueue extends HashQueueService {
  runs = 0;

  override run<T>(derivation: () => Promise<T>, turn: Turn): Promise<T> {
    this.runs++;
    return super.run(derivation, turn);
  }
}

describe('the password hasher', () => {
  const queue = new CountingQueue(QUEUE, new MetricsRegistry());
  const hasher = new PasswordHasherService(queue, SETTINGS, new MetricsRegistry());
  beforeAll(() => hasher.onModuleInit());

  it.each([
    ['nobody', undefined],
    ['somebody whose hash would cost too much', `$2b$31$${'a'.repeat(53)}`],
    ['somebody whose hash is of no known kind', '!'],
    ['somebody who came along', PHPASS],
  ])('does one key derivation to check a password of %s', async (_case, passwordHash) => {
    queue.runs = 0;
    expect(await hasher.verify(passwordHash, 'a guess', TURN)).toBe(false);
    expect(queue.runs).toBe(1);
  });

  it('lets in whoever knows the password', async () => {
    const passwordHash = await hasher.hash('a long and quiet evening', TURN);
    expect(await hasher.verify(passwordHash, 'a long and quiet evening', TURN)).toBe(true);
  });

  it.each([
    ['less memory', `$argon2id$v=19$m=9216,t=4,${TAIL}`],
    ['fewer passes', `$argon2id$v=19$m=47104,t=1,${TAIL}`],
    ['an older version', `$argon2id$v=16$m=19456,t=2,${TAIL}`],
    ['a sibling of argon2id', `$argon2i$v=19$m=19456,t=2,${TAIL}`],
    ['bcrypt', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
    ['PBKDF2 as Django writes it', 'pbkdf2_sha256$1000000$salt$aGFzaA=='],
    ['PHPass', PHPASS],
  ])('has a hash replaced that is made with %s', (_case, hash) => {
    expect(hasher.needsRehash(hash)).toBe(true);
  });

  it('leaves what is as strong, or stronger', async () => {
    expect(hasher.needsRehash(await hasher.hash('a long and quiet evening', TURN))).toBe(false);
    expect(hasher.needsRehash(`$argon2id$v=19$m=65536,t=3,${TAIL}`)).toBe(false);
  });
});
