import type { INestApplicationContext } from '@nestjs/common';
import { DatabaseConnection } from '@signet/service-kit';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { ClientsService } from '../../apps/auth/src/clients/clients.service.js';
import { FormBody } from '../../apps/auth/src/clients/form-body.js';
import { IssuedTokensService } from '../../apps/auth/src/clients/oauth/issued-tokens.service.js';
import { TokenService } from '../../apps/auth/src/clients/oauth/token.service.js';
import { AccessTokenIssuer } from '../../apps/auth/src/signing/access-token.issuer.js';
import type { Setup, TokenRound } from '../protocol.js';
import { startAuth } from './auth-app.js';
import { costOf, openPool } from '../refresh/bare-update.js';

const CLIENTS = 200;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** As much of a row as a token request cannot do without: read by a named statement, and counted by another. */
const BARE_SELECT = {
  name: 'bare_client',
  text: 'select id, grants, secret_hash from clients where id = $1',
};
const BARE_UPDATE = {
  name: 'bare_count',
  text: 'update clients set window_tokens = window_tokens + 1, last_token_at = now() where id = $1 returning id',
};

interface BenchClient {
  readonly id: string;
  readonly request: Parameters<TokenService['issue']>[0];
  readonly subject: string;
}

let auth: INestApplicationContext;
let bare: Pool;
let clients: readonly BenchClient[];

/** Auth without its HTTP server, with some clients, and a user for each. */
export async function startTokens({ environment = {} }: Setup): Promise<void> {
  auth = await startAuth(environment);
  bare = openPool(auth.get(DatabaseConnection).url);
  clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => newClient(`service-${index}`)));
  await bare.query('vacuum (analyze) clients');
}

/** Some tokens of each kind by the services of auth, and as many times what none of them can do without. */
export async function tokenRound(count: number): Promise<TokenRound> {
  const issuer = auth.get(AccessTokenIssuer);
  const tokens = auth.get(IssuedTokensService);
  const update = ({ id }: BenchClient) => bare.query({ ...BARE_UPDATE, values: [id] });
  const sign = ({ id: subject }: BenchClient) =>
    issuer.issue({ subject, client: subject, issuedAt: 1_800_000_000 });
  return {
    clientCredentials: await costOf(clients, count, (it) =>
      token(it, 'grant_type=client_credentials&audience=business'),
    ),
    exchange: await costOf(clients, count, (it) => token(it, exchangeOf(it.subject))),
    verification: await costOf(clients, count, (it) => tokens.verify(it.subject)),
    bare: await costOf(clients, count, async (it) => {
      await update(it);
      await update(it);
      sign(it);
    }),
    bareAfterRead: await costOf(clients, count, async (it) => {
      await bare.query({ ...BARE_SELECT, values: [it.id] });
      await update(it);
      sign(it);
    }),
  };
}

async function token({ request }: BenchClient, form: string): Promise<void> {
  await auth.get(TokenService).issue(request, FormBody.parse(form));
}

function exchangeOf(subject: string): string {
  return `grant_type=${EXCHANGE}&audience=business&subject_token_type=${ACCESS_TOKEN}&subject_token=${subject}`;
}

async function newClient(id: string): Promise<BenchClient> {
  const grants = [{ audience: 'business', scopes: ['tasks:read'] }];
  const { secret } = await auth.get(ClientsService).add({ id, grants, onBehalfOfUsers: true });
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const request = { headers: { authorization }, body: undefined, ip: '127.0.0.1', socket: {} };
  return { id, request: request as never, subject: await newSession(id) };
}

async function newSession(name: string): Promise<string> {
  const user = await bare.query<{ id: string }>(
    `insert into users (email, password_hash) values ($1, '') returning id`,
    [`${name}@example.com`],
  );
  const userId = user.rows[0]?.id ?? randomUUID();
  const session = await bare.query<{ id: string; now: string }>(
    `insert into sessions (user_id, seed, ip, expires_at, ends_at)
      values ($1, ''::bytea, '127.0.0.1', now() + interval '1 day', now() + interval '1 day')
      returning id, floor(extract(epoch from now())) as now`,
    [userId],
  );
  const { id = '', now = '0' } = session.rows[0] ?? {};
  return auth.get(AccessTokenIssuer).issue({ subject: userId, session: id, issuedAt: Number(now) })
    .accessToken;
}
