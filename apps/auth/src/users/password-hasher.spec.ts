import { beforeAll, describe, expect, it } from '@jest/globals';
import { HashQueue } from './hash-queue.js';
import { PasswordHasher } from './password-hasher.js';

/** Counts key derivations: there is no way to one but through the queue. */
class CountingQueue extends HashQueue {
  count = 0;

  override run<T>(derivation: () => Promise<T>): Promise<T> {
    this.count++;
    return super.run(derivation);
  }
}

describe('checking a password', () => {
  const queue = new CountingQueue();
  const hasher = new PasswordHasher(queue);
  beforeAll(() => hasher.onModuleInit());

  it.each([
    ['nobody', undefined],
    ['somebody whose hash would cost too much', `$2b$31$${'a'.repeat(53)}`],
    ['somebody whose hash is of no known kind', '!'],
    ['somebody who came along', '$P$9gzi4vDXGOV4YgRYKd7sAPA.AhsSCY.'],
  ])('of %s costs one key derivation', async (_, passwordHash) => {
    queue.count = 0;
    expect(await hasher.verify(passwordHash, 'a guess')).toBe(false);
    expect(queue.count).toBe(1);
  });

  it('lets in whoever knows it, by a hash of ours, which is not replaced', async () => {
    const passwordHash = await hasher.hash('a long and quiet evening');
    expect(await hasher.verify(passwordHash, 'a long and quiet evening')).toBe(true);
    expect(hasher.needsRehash(passwordHash)).toBe(false);
  });

  it.each([
    '$P$9gzi4vDXGOV4YgRYKd7sAPA.AhsSCY.',
    '$2b$12$C0BzkKv5EoG9cIS5pz1hW.PdIFD6jml2QQiaqyf4BnRku.bnhGXm2',
  ])('a hash of another kind is replaced: %s', (passwordHash) => {
    expect(hasher.needsRehash(passwordHash)).toBe(true);
  });
});
