import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Revocation } from '@signet/jwt-shared';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { drizzle } from 'drizzle-orm/node-postgres';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { AuthConfig } from '../config/auth.config.js';
import { RevocationsRepository, type RevocationTarget } from './revocations.repository.js';

/** What the version before this one reads, and how it ends all tokens of a client. */
const OLDER = {
  read: `select kind, id, before::int from cut_offs t where written_by >= '0' and expires_at > now()`,
  endTokens: `
    insert into cut_offs as r (kind, id, before, expires_at)
    values ('client', $1, $2, clock_timestamp() + interval '1 hour')
    on conflict (kind, id) do update set before = greatest(r.before, excluded.before),
      expires_at = greatest(r.expires_at, excluded.expires_at), written_by = pg_current_xact_id()`,
};

describe('the revocation of a single token', () => {
  let database: TestDatabase;
  let pool: Pool;
  let revocations: RevocationsRepository;
  beforeAll(async () => {
    const migrationsFolder = join(import.meta.dirname, '../database/migrations');
    database = await createTestDatabase({ name: 'revocations', migrationsFolder });
    pool = new Pool({ connectionString: database.url });
    const config = { JWT_PROFILE: 'rfc9068', JWT_MAX_LIFETIME: 3600 } as AuthConfig;
    revocations = new RevocationsRepository(drizzle(pool), config);
  });
  beforeEach(() => pool.query('truncate cut_offs'));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const now = Math.floor(Date.now() / 1000);
  const token = (id: string, issuedAt: number, life = 300) =>
    ({ kind: 'token', id, client: 'reports', issuedAt, expiresAt: issuedAt + life }) as const;
  const revoke = (...targets: RevocationTarget[]) =>
    drizzle(pool).transaction((tx) => revocations.add(tx, targets));
  /** What this version reads, without the lives. */
  async function read(): Promise<object[]> {
    const { entries } = await revocations.readFrom(drizzle(pool));
    return entries.map(({ until: _until, for: _for, ...rest }: Revocation) => rest);
  }
  /** What an older version understands of it. */
  const readByOlder = async () =>
    (await pool.query<{ kind: string }>(OLDER.read)).rows.filter(({ kind }) => kind !== 'token');

  const entry = (id: string, before: number) => ({ kind: 'token', client: 'reports', id, before });
  const ofAll = (before: number) => ({ kind: 'client', id: 'reports', before });

  it('is read by this version, and by an older one as the narrowest cut-off of its client', async () => {
    await revoke(token('a', now - 20));
    await revoke(token('b', now - 40));
    expect(await read()).toEqual([entry('a', now - 19), entry('b', now - 39)]);
    expect(await readByOlder()).toEqual([ofAll(now - 19)]);
  });

  it('is held until its last verifier refuses it, and by older versions for longer than any token lives', async () => {
    const [revoked] = await revoke(token('a', now - 20, 30));
    expect(revoked!.until).toBe(now - 20 + 30 + 70);
    expect(revoked!.for).toBeLessThanOrEqual(80);
    const { rows } = await pool.query<{ left: number }>(
      `select extract(epoch from expires_at - now())::int as left from cut_offs where kind = 'client'`,
    );
    expect(rows[0]!.left).toBeGreaterThan(3600);
    await pool.query(`update cut_offs set expires_at = now() - interval '1 second'`);
    expect(await read()).toEqual([]);
    await revocations.removeExpired(10);
    expect((await pool.query('select from cut_offs')).rowCount).toBe(0);
  });

  it('leaves the cut-off of all tokens of the client as it is', async () => {
    await pool.query(OLDER.endTokens, ['reports', now - 50]);
    await revoke(token('a', now - 20));
    await revoke(token('b', now - 30));
    expect(await read()).toEqual(
      expect.arrayContaining([ofAll(now - 50), entry('a', now - 19), entry('b', now - 29)]),
    );
    expect(await readByOlder()).toEqual([ofAll(now - 19)]);
  });

  it('hides no such cut-off that an older version writes after it, not even one of the same second', async () => {
    await revoke(token('a', now - 20));
    await pool.query(OLDER.endTokens, ['reports', now - 19]);
    expect(await read()).toContainEqual(ofAll(now - 19));
    await revoke(token('b', now - 10));
    expect(await read()).toContainEqual(ofAll(now - 19));
  });

  it('hides no such cut-off that this version writes after it', async () => {
    await revoke(token('a', now - 20));
    const [{ before } = { before: NaN }] = (await revoke({ kind: 'client', id: 'reports' })) as {
      before: number;
    }[];
    expect(before).toBeGreaterThan(now);
    expect(await read()).toContainEqual(ofAll(before));
  });

  it('may be told twice', async () => {
    await revoke(token('a', now - 20));
    await revoke(token('a', now - 20));
    expect(await read()).toEqual([entry('a', now - 19)]);
  });
});
