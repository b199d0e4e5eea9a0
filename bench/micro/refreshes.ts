import type { INestApplicationContext } from '@nestjs/common';
import { DatabaseConnection } from '@signet/service-kit';
import type { Pool } from 'pg';
import { RefreshService } from '../../apps/auth/src/sessions/refresh.service.js';
import { RefreshTokensService } from '../../apps/auth/src/sessions/refresh-tokens.service.js';
import type { RefreshableSession, RefreshRound, Setup } from '../protocol.js';
import { startAuth } from './auth-app.js';
import { bareRound, costOf, openPool } from '../refresh/bare-update.js';

const CLIENT = { ip: '127.0.0.1', userAgent: 'bench' };
const STATEMENTS = ['session_to_refresh', 'rotate_session'];

let auth: INestApplicationContext;
let bare: Pool;

/** Auth without its HTTP server. */
export async function startRefreshes({ environment = {} }: Setup): Promise<void> {
  auth = await startAuth(environment);
  bare = openPool(auth.get(DatabaseConnection).url);
}

/** Sessions from all over the table, in no order. */
export async function sessionsToRefresh(count: number): Promise<RefreshableSession[]> {
  const { rows } = await bare.query<{ id: string; counter: string; seed: Buffer }>(
    'select id, counter, seed from sessions order by random() limit $1',
    [count],
  );
  const tokens = auth.get(RefreshTokensService);
  return rows.map(({ id, seed, counter }) => ({
    id,
    counter: Number(counter),
    token: tokens.make({ id, seed }, Number(counter)),
  }));
}

/** Some refreshes by the service, and as many bare updates of other sessions. */
export async function refreshRound(count: number): Promise<RefreshRound> {
  const sessions = await sessionsToRefresh(2 * count);
  const half = sessions.length / 2;
  const service = auth.get(RefreshService);
  return {
    refresh: await costOf(sessions.slice(0, half), count, async (session) => {
      session.token = (await service.refresh(session.token, CLIENT)).refreshToken;
    }),
    ...(await bareRound(bare, sessions.slice(half), count)),
  };
}

/** How PostgreSQL carries out the two statements of a refresh, on a connection that the service has used for both. */
export async function plans(): Promise<string[]> {
  await refreshRound(200);
  const [session] = await sessionsToRefresh(1);
  const client = await auth.get(DatabaseConnection).pool.connect();
  try {
    const { rows: statements } = await client.query<{ name: string; types: string[] }>(
      'select name, parameter_types::text[] as types from pg_prepared_statements where name = any($1)',
      [STATEMENTS],
    );
    const lines: string[] = [];
    for (const { name, types } of statements) {
      const parameters = types.map((type) => (type === 'uuid' ? `'${session?.id}'` : '0'));
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain (costs off) execute ${name}(${parameters.join(', ')})`,
      );
      lines.push(name, ...rows.map((row) => `  ${row['QUERY PLAN']}`));
    }
    return lines;
  } finally {
    client.release();
  }
}
