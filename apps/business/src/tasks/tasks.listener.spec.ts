import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { drizzle } from 'drizzle-orm/node-postgres';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { TasksListener } from './tasks.listener.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksService } from './tasks.service.js';

const purged = (userId: string) => ({
  type: 'account-purged',
  jti: randomUUID(),
  userId,
  claims: {},
  issuedAt: new Date(),
});

describe('the erasure of a person', () => {
  let database: TestDatabase;
  let pool: Pool;
  let db: ReturnType<typeof drizzle>;
  let tasks: TasksService;
  let erasure: TasksListener;
  beforeAll(async () => {
    const migrationsFolder = join(import.meta.dirname, '../database/migrations');
    database = await createTestDatabase({ migrationsFolder, name: 'erasure' });
    pool = new Pool({ connectionString: database.url, max: 10 });
    db = drizzle(pool);
    const repository = new TasksRepository(db as never);
    tasks = new TasksService(repository, { TASKS_PER_USER: 10 });
    erasure = new TasksListener(repository);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const erase = (userId: string) =>
    db.transaction((tx) => erasure.erase(purged(userId) as never, tx as never));
  const add = (userId: string) => tasks.create(userId, { title: 'a', dueAt: null });
  const ownedBy = async (userId: string) => (await tasks.list(userId, { limit: 10 })).tasks;

  it('leaves nothing to be added by a request that was let in before it', async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    await Promise.all([add(ada), add(bob)]);
    await erase(ada);
    await expect(add(ada)).rejects.toMatchObject({ status: 401 });
    expect(await ownedBy(ada)).toEqual([]);
    expect(await ownedBy(bob)).toHaveLength(1);
    await expect(add(bob)).resolves.toMatchObject({ ownerId: bob });
  });

  it('takes what is being added at the same moment', async () => {
    const people = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(
      people
        .flatMap((person) => [add(person), add(person), erase(person), add(person)])
        .map((each) => each.catch(() => undefined)),
    );
    const left = await Promise.all(people.map((person) => ownedBy(person)));
    expect(left.flat()).toEqual([]);
  });

  it('happens as often as it is told', async () => {
    const ada = randomUUID();
    await erase(ada);
    await erase(ada);
    expect(await ownedBy(ada)).toEqual([]);
  });

  it('keeps the id no longer than tokens live', async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    await erase(ada);
    await pool.query(`update erased_owners set erased_at = now() - interval '3 days' where owner_id = $1`, [
      ada,
    ]);
    await erase(bob);
    const { rows } = await pool.query('select owner_id from erased_owners where owner_id in ($1, $2)', [
      ada,
      bob,
    ]);
    expect(rows).toEqual([{ owner_id: bob }]);
  });
});
