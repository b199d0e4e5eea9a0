import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseConnection } from '@signet/service-kit';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { AuthConfig } from '../config/auth.config.js';
import { RotationRepository } from './rotation.repository.js';

const SESSIONS = 20_000;

describe('the statements of a refresh', () => {
  let database: TestDatabase;
  let pool: Pool;
  let rotation: RotationRepository;
  let ids: string[];
  let holder: string;

  beforeAll(async () => {
    const migrationsFolder = join(import.meta.dirname, '../database/migrations');
    database = await createTestDatabase({ name: 'rotation', migrationsFolder });
    pool = new Pool({ connectionString: database.url, max: 10 });
    // What it reads keeps old rows in place, which no refresh does.
    for (const table of ['users', 'roles', 'user_roles', 'sessions', 'revocations', 'cut_offs'])
      await pool.query(`alter table ${table} set (autovacuum_enabled = false)`);
    rotation = newRotation(pool);
    const { rows } = await pool.query<{ id: string }>(
      `with person as (insert into users (email, password_hash) values ('a@example.com', '') returning id)
        insert into sessions (user_id, seed, ip, expires_at, ends_at)
        select id, sha256(g::text::bytea), '', now() + interval '1 hour', now() + interval '90 days'
        from person, generate_series(1, $1) g returning id`,
      [SESSIONS],
    );
    ids = rows.map(({ id }) => id);
    for (const [table, kind] of [
      ['revocations', 'user'],
      ['cut_offs', 'stale-user'],
    ]) {
      await pool.query(
        `insert into ${table} (kind, id, before, expires_at)
          select '${kind}', g, 0, now() + interval '1 hour' from generate_series(1, $1) g`,
        [SESSIONS],
      );
    }
    await pool.query(`insert into roles (name) select 'role-' || g from generate_series(1, 400) g`);
    await pool.query(
      `with crowd as (insert into users (email, password_hash)
          select g || '@crowd.example', '' from generate_series(1, $1) g returning id)
        insert into user_roles (user_id, role) select id, 'role-1' from crowd`,
      [SESSIONS],
    );
    await pool.query(`update roles set scopes = '{tasks:read}' where name = 'role-1'`);
    await pool.query(
      `insert into cut_offs (kind, id, before, expires_at)
        select 'stale-role', name, 1, now() + interval '1 hour' from roles`,
    );
    const { rows: held } = await pool.query<{ id: string }>(
      `insert into sessions (user_id, seed, ip, expires_at, ends_at)
        select user_id, '', '', now() + interval '1 hour', now() + interval '90 days'
        from user_roles where role = 'role-1' limit 1 returning id`,
    );
    holder = held[0]!.id;
    await pool.query('analyze');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  describe('find their row by an index alone, however many', () => {
    let one: Pool;
    beforeEach(() => {
      one = new Pool({ connectionString: database.url, max: 1 });
    });
    afterEach(() => one.end());

    it('sessions there are', async () => {
      const repository = newRotation(one);
      await repository.find(ids[0]!);
      await repository.rotate(ids[0]!, 0);
      for (const execute of [`session_to_refresh('${ids[0]}')`, `rotate_session('${ids[0]}', 0)`]) {
        const { rows } = await one.query(`explain (format json) execute ${execute}`);
        const plan = JSON.stringify(rows);
        expect(plan).toContain('"Node Type":"Index Scan"');
        expect(plan).toContain('"Index Name":"sessions_pkey"');
        expect(plan).not.toContain('Seq Scan');
      }
    });

    it.each(['rfc9068', 'bare'])('users have a role, in profile %s', async (profile) => {
      const repository = newRotation(one, profile);
      // What a function reads is in no plan. After some calls one plan serves all.
      await one.query('begin');
      for (let call = 0; call < 10; call++) {
        const session = await repository.find(holder);
        expect(session?.rights).toEqual({ roles: ['role-1'], scopes: ['tasks:read'] });
      }
      const { rows } = await one.query<{ relname: string; whole: boolean }>(
        'select relname, seq_scan > 0 as whole from pg_stat_xact_user_tables where seq_scan + idx_scan > 0',
      );
      await one.query('commit');
      expect(rows.map(({ relname }) => relname)).toEqual(
        expect.arrayContaining(['sessions', 'cut_offs', 'user_roles', 'roles']),
      );
      expect(rows.filter(({ whole }) => whole)).toEqual([]);
    });
  });

  it('say how long the cut-off of a user, or of a role that they have, is not over', async () => {
    const { userId } = (await rotation.find(holder))!;
    const waits = () =>
      Promise.all(
        ['rfc9068', 'bare'].map(async (profile) => {
          const one = new Pool({ connectionString: database.url, max: 1 });
          const session = await newRotation(one, profile).find(holder);
          await one.end();
          return (session?.wait ?? 0) > 0;
        }),
      );
    expect(await waits()).toEqual([false, false]);
    for (const [table, kind, id, expected] of [
      ['cut_offs', 'stale-role', 'role-1', [true, true]],
      ['cut_offs', 'stale-role', 'role-2', [false, false]],
      ['cut_offs', 'stale-user', userId, [true, true]],
      // Ends the sessions from before it, where tokens say which they belong to.
      ['revocations', 'user', userId, [false, true]],
    ] as const) {
      await pool.query(
        `insert into ${table} (kind, id, before, expires_at)
          values ($1, $2, extract(epoch from now())::bigint + 60, now() + interval '1 hour')
          on conflict (kind, id) do update set before = excluded.before`,
        [kind, id],
      );
      expect([kind, id, await waits()]).toEqual([kind, id, expected]);
      await pool.query(`update ${table} set before = 1 where kind = $1 and id = $2`, [kind, id]);
    }
  });

  it('leave all indexes as they are', async () => {
    const updates = 500;
    // Far from each other, as people are: where many rows of one page change, whoever reads meanwhile decides on its room.
    const scattered = Array.from({ length: updates }, (_, i) => ids[1 + (i * SESSIONS) / updates]!);
    for (const id of scattered) expect(await rotation.rotate(id, 0)).toBe(true);
    const count = () =>
      pool.query<{ all: string; hot: string }>(
        `select pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_tuples_updated(oid) as all,
          pg_stat_get_xact_tuples_hot_updated(oid) + pg_stat_get_tuples_hot_updated(oid) as hot
          from pg_class where relname = 'sessions'`,
      );
    let { rows } = await count();
    // PostgreSQL gathers what its connections have done a little later.
    while (Number(rows[0]?.all) < updates) ({ rows } = await count());
    expect(rows[0]?.hot).toBe(rows[0]?.all);
  });

  it('let one of many that ask for the same have it', async () => {
    const id = ids.at(-1)!;
    const answers = await Promise.all(Array.from({ length: 30 }, () => rotation.rotate(id, 0)));
    expect(answers.filter((isRotated) => isRotated)).toHaveLength(1);
    expect((await rotation.find(id))?.counter).toBe(1);
  });
});

function newRotation(pool: Pool, profile = 'rfc9068'): RotationRepository {
  return new RotationRepository(
    { pool } as DatabaseConnection,
    { REFRESH_GRACE_SECONDS: 10, SESSION_IDLE_SECONDS: 3600, JWT_PROFILE: profile } as AuthConfig,
  );
}
