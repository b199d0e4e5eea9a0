import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { ROOT } from '../../scripts/services.ts';
import { newSecrets } from '../../test/support/secrets.ts';
import { startService, type RunningService } from '../../test/support/service.ts';
import { queryOnce } from '../../test/support/sessions.ts';
import { reportingCpu } from '../process.ts';
import { Program } from '../program.ts';
import type { Setup } from '../protocol.ts';
import { openPool } from './bare-update.ts';

/** A database of auth with some sessions, and everything that is measured on it. */
export interface Deployment {
  readonly sessions: number;
  /** Auth's services without HTTP, in a process of their own. */
  readonly layer: Program<void>;
  /** Auth as it is run. */
  readonly auth: RunningService;
  readonly pool: Pool;
}

const MIGRATIONS = 'src/database/migrations';
const secrets = newSecrets();
/** The benchmarked programs read no more of it than their environment. */
const setup = (environment: Readonly<Record<string, string>>): Setup => ({
  secret: secrets.JWT_SECRET,
  algorithm: 'HS256',
  environment: { ...secrets, RATE_LIMITS: 'off', ...environment },
});

/** Starts the one PostgreSQL of the benchmark. */
export function startPostgres(dataDir: string): Promise<Program<string>> {
  // Auth looks for its migrations beside the running file.
  cpSync(join(ROOT, 'apps/auth', MIGRATIONS), join(ROOT, 'dist/bench/database/migrations'), {
    recursive: true,
  });
  return Program.start<string>('postgres', setup({ DATA_DIR: dataDir }));
}

/** Starts auth on a database of its own that has so many sessions, of a tenth as many people. */
export async function deploy(server: string, sessions: number): Promise<Deployment> {
  const DATABASE_URL = await createDatabase(server, `auth_${sessions}`);
  const environment = setup({ DATABASE_URL });
  const layer = await Program.start<void>('refreshes', environment);
  const pool = openPool(DATABASE_URL);
  await fill(pool, sessions);
  const auth = await startService('auth', environment.environment ?? {}, reportingCpu('auth'));
  return { sessions, layer, auth, pool };
}

/** Ends what {@link deploy} has started. */
export async function undeploy({ layer, auth, pool }: Deployment): Promise<void> {
  await Promise.all([layer.stop(), auth.stop(), pool.end()]);
}

async function createDatabase(server: string, name: string): Promise<string> {
  await queryOnce(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function fill(pool: Pool, sessions: number): Promise<void> {
  await pool.query(
    `insert into users (email, password_hash) select g || '@example.com', '' from generate_series(1, $1::int) g`,
    [sessions / 10],
  );
  await pool.query(
    `insert into sessions (user_id, seed, ip, user_agent, expires_at, ends_at)
      select id, sha256(random()::text::bytea), '127.0.0.1', 'bench', now() + interval '30 days', now() + interval '90 days'
      from users, generate_series(1, 10) g`,
  );
  await pool.query('vacuum (analyze) sessions');
  await pool.query('checkpoint');
}
