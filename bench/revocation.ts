/** `npm run bench:revocation`: how long a token outlives what ends it, or changes its rights, at every service. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { buildIfNeeded, entryOf, ROOT, type App } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';
import { Service } from './service.ts';

const TRIALS = 200;
/** Each runs a command, and waits for the next key. */
const KEY_TRIALS = 20;
const AUTHS = 2;
const BUSINESSES = 5;
const PASSWORD = 'a long and quiet evening';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:revocation [-- CHANGE …]

Starts ${AUTHS} replicas of auth and ${BUSINESSES} of business. In each of ${TRIALS} trials something changes at one replica of auth while
a token from before is shown to every business without a pause: a logout, a role that is granted or taken away, the
scopes of a role, an account that is disabled, enabled or deleted, a client that is disabled or loses its secret, a signing key
that is revoked (${KEY_TRIALS} trials, as each starts a program). Prints, and writes to bench/results.md, how long after the
answer to the change the token was last accepted. With names of changes, only those.
`);
  process.exit(0);
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

interface Person {
  readonly id: string;
  readonly email: string;
}

/** What happens to a person who has a token: the change itself, after what makes it possible. */
interface Change {
  /** Where businesses take the token; `/dashboard` unless told. */
  readonly path?: string;
  /** {@link TRIALS} unless told. */
  readonly trials?: number;
  /** @returns the token that is watched */
  readonly prepare: (auth: Service, person: Person) => Promise<string>;
  /** @returns when it was made, by `performance.now()`; when it was answered unless told */
  readonly make: (auth: Service, person: Person, token: string) => Promise<number | void>;
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const secrets = {
  JWT_ALGORITHM: 'ES256',
  REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const { auths, businesses, authUrl } = await start();
const root = await firstAdministrator();
let rootToken = { at: -Infinity, text: '' };
let people = 0;
let scopes = 0;
let clients = 0;
/** Of the user for whom a token was exchanged last. */
let userToken = '';

const CHANGES: Readonly<Record<string, Change>> = {
  logout: {
    prepare: logIn,
    make: (auth, _person, token) => must(204, auth.send('POST', '/auth/logout', undefined, token)),
  },
  'role granted': {
    prepare: logIn,
    make: (auth, { id }) => admin(auth, 'PUT', `/users/${id}/roles`, { roles: ['support'] }),
  },
  'role withdrawn': {
    prepare: async (auth, person) => {
      await admin(auth, 'PUT', `/users/${person.id}/roles`, { roles: ['support'] });
      return logIn(auth, person);
    },
    make: (auth, { id }) => admin(auth, 'PUT', `/users/${id}/roles`, { roles: [] }),
  },
  'scopes of a role': {
    prepare: async (auth, person) => {
      await admin(auth, 'PUT', `/users/${person.id}/roles`, { roles: ['support'] });
      return logIn(auth, person);
    },
    make: (auth) => admin(auth, 'PUT', '/roles/support', { scopes: [`tasks:${++scopes}`] }),
  },
  'account disabled': {
    prepare: logIn,
    make: (auth, { id }) => admin(auth, 'PATCH', `/users/${id}`, { disabled: true }),
  },
  'account enabled (old token)': {
    prepare: async (auth, person) => {
      const token = await logIn(auth, person);
      await admin(auth, 'PATCH', `/users/${person.id}`, { disabled: true });
      return token;
    },
    make: (auth, { id }) => admin(auth, 'PATCH', `/users/${id}`, { disabled: false }),
  },
  'logout (exchanged token)': {
    prepare: async (auth, person) => {
      userToken = await logIn(auth, person);
      return exchange(auth, await addClient(auth), userToken);
    },
    make: (auth) => must(204, auth.send('POST', '/auth/logout', undefined, userToken)),
  },
  'client disabled (exchanged token)': {
    prepare: async (auth, person) => exchange(auth, await addClient(auth), await logIn(auth, person)),
    make: (auth) => admin(auth, 'PATCH', `/clients/service-${clients}`, { disabled: true }),
  },
  'client disabled (its own token)': {
    path: '/statistics',
    prepare: async (auth) => askToken(auth, await addClient(auth), { grant_type: 'client_credentials' }),
    make: (auth) => admin(auth, 'PATCH', `/clients/service-${clients}`, { disabled: true }),
  },
  'client loses its secret (exchanged token)': {
    prepare: async (auth, person) => exchange(auth, await addClient(auth), await logIn(auth, person)),
    make: (auth) => admin(auth, 'PATCH', `/clients/service-${clients}`, { rotate_secret: 'now' }),
  },
  'account deleted': { prepare: logIn, make: (auth, { id }) => admin(auth, 'DELETE', `/users/${id}`) },
  'signing key revoked': {
    trials: KEY_TRIALS,
    prepare: async (auth, person) => {
      const token = await logIn(auth, person);
      return (await isAccepted(token)) ? token : logInAgain(auth, person);
    },
    make: (_auth, _person, token) => revokeKeyOf(token),
  },
};

const asked = process.argv.slice(2);
const results: { readonly name: string; readonly trials: number; readonly sorted: number[] }[] = [];
try {
  await admin(auths[0]!, 'PUT', '/roles/support', { scopes: ['tasks:read'] });
  for (const [name, change] of Object.entries(CHANGES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const ages: number[] = [];
    const { trials = TRIALS } = change;
    for (let trial = 0; trial < trials; trial++) ages.push(...(await measure(change, auths[trial % AUTHS]!)));
    results.push({ name, trials, sorted: ages.toSorted((a, b) => a - b) });
  }
} finally {
  await Promise.all([...auths, ...businesses].map((service) => service.stop()));
  await stopTestServer();
}
report();

async function start() {
  const url = await database('auth');
  const replicas = Array.from({ length: AUTHS }, () =>
    Service.start('auth', { ...secrets, DATABASE_URL: url }),
  );
  const started = await Promise.all(replicas);
  const REVOCATION_FEED_URL = started.map((auth) => `${auth.url}/revocations`).join(',');
  const businessUrl = await database('business');
  const AUTH_URL = started[0]!.url;
  const environment = { ...secrets, AUTH_URL, REVOCATION_FEED_URL, DATABASE_URL: businessUrl };
  const others = await Promise.all(
    Array.from({ length: BUSINESSES }, () => Service.start('business', environment)),
  );
  for (const service of others) await service.hasMetric('revocation_feed_connected 1');
  return { auths: started, businesses: others, authUrl: url };
}

async function database(app: App): Promise<string> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return (await createTestDatabase({ name: app, migrationsFolder })).url;
}

async function firstAdministrator(): Promise<Person> {
  const person = await register(auths[0]!, 'root@example.com');
  const client = new Client(authUrl);
  await client.connect();
  await client.query(`insert into user_roles (user_id, role) values ($1, 'admin')`, [person.id]);
  await client.end();
  return person;
}

/** Logs in again long before the token runs out, and while the login is recent. */
async function tokenOfRoot(): Promise<string> {
  if (performance.now() - rootToken.at > 120_000)
    rootToken = { at: performance.now(), text: await logIn(auths[0]!, root) };
  return rootToken.text;
}

async function register(auth: Service, email: string): Promise<Person> {
  await auth.send('POST', '/auth/register', { email, password: PASSWORD });
  const token = await logIn(auth, { id: '', email });
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string;
  };
  return { id: sub, email };
}

async function logIn(auth: Service, { email }: Person): Promise<string> {
  const { status, body } = await auth.send('POST', '/auth/login', { email, password: PASSWORD });
  if (status !== 200) throw new Error(`login answered ${status}`);
  return (body as Tokens).access_token;
}

async function must(expected: number, answer: Promise<{ status: number }>): Promise<void> {
  const { status } = await answer;
  if (status !== expected) throw new Error(`a change answered ${status}`);
}

async function admin(auth: Service, method: string, path: string, body?: object): Promise<void> {
  await must(method === 'DELETE' ? 204 : 200, auth.send(method, `/admin${path}`, body, await tokenOfRoot()));
}

/** A service that may act for users, registered for one trial. */
async function addClient(auth: Service): Promise<{ client_id: string; client_secret: string }> {
  const grants = [{ audience: 'signet', scopes: ['tasks:statistics'] }];
  const body = { grants, on_behalf_of_users: true };
  const added = await auth.send('POST', `/admin/clients/service-${++clients}`, body, await tokenOfRoot());
  if (added.status !== 201) throw new Error(`adding a client answered ${added.status}`);
  return added.body as { client_id: string; client_secret: string };
}

type OAuthClient = Awaited<ReturnType<typeof addClient>>;

function exchange(auth: Service, client: OAuthClient, subject_token: string): Promise<string> {
  const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange';
  const subject_token_type = 'urn:ietf:params:oauth:token-type:access_token';
  return askToken(auth, client, { grant_type, subject_token, subject_token_type });
}

async function askToken(
  { url }: Service,
  client: OAuthClient,
  form: Record<string, string>,
): Promise<string> {
  const pair = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams({ audience: 'signet', ...form }),
  });
  if (response.status !== 200) throw new Error(`the token endpoint answered ${response.status}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Whether every business lets a token in. */
async function isAccepted(token: string): Promise<boolean> {
  const statuses = await Promise.all(businesses.map((business) => business.get('/dashboard', token)));
  return statuses.every((status) => status === 200);
}

/** Until every replica signs with the key that has followed the one revoked before. */
async function logInAgain(auth: Service, person: Person): Promise<string> {
  for (;;) {
    await delay(200);
    const token = await logIn(auth, person);
    if (await isAccepted(token)) return token;
  }
}

/** @returns when the key was revoked, by the clock of the database, which is this machine's */
async function revokeKeyOf(token: string): Promise<number> {
  const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
    kid: string;
  };
  await promisify(execFile)(process.execPath, [entryOf('auth'), 'keys', 'revoke', kid, '--force'], {
    env: { PATH: process.env['PATH'], ...secrets, DATABASE_URL: authUrl },
  });
  const client = new Client(authUrl);
  await client.connect();
  const { rows } = await client.query<{ at: Date }>(
    'select revoked_at as at from signing_keys where kid = $1',
    [kid],
  );
  await client.end();
  return (rows[0]?.at.getTime() ?? NaN) - performance.timeOrigin;
}

/** One trial: for each business the milliseconds from the answer to the change to the last time it let the token in. */
async function measure({ path = '/dashboard', prepare, make }: Change, auth: Service): Promise<number[]> {
  const person = await register(auth, `person-${++people}@example.com`);
  const token = await prepare(auth, person);
  let answeredAt = Infinity;
  const watches = businesses.map(async (business) => {
    let acceptedAt = -Infinity;
    for (;;) {
      const askedAt = performance.now();
      if ((await business.get(path, token)) !== 200) return acceptedAt;
      acceptedAt = askedAt;
    }
  });
  answeredAt = (await make(auth, person, token)) ?? performance.now();
  return (await Promise.all(watches)).map((acceptedAt) => Math.max(0, acceptedAt - answeredAt));
}

function report(): void {
  const at = (sorted: readonly number[], share: number) =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1)} ms`;
  const text = [
    '# How long a token outlives what ends it\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:revocation\``,
    `(${AUTHS} auth and ${BUSINESSES} business processes, one PostgreSQL, ES256; from the answer to the change to the last request with`,
    'the token from before that any business let in; 0: none after the answer. A signing key is revoked by a command: from the',
    'moment that the database has for it; a trial starts a program, so there are fewer). Goal: below 1,000 ms.\n',
    table(
      ['change', 'trials', 'p50', 'p90', 'p99', 'max'],
      results.map(({ name, trials, sorted }) => [
        name,
        String(trials),
        at(sorted, 0.5),
        at(sorted, 0.9),
        at(sorted, 0.99),
        at(sorted, 1),
      ]),
    ),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  save('revocation', text);
}
