/** `npm run bench:revocation`: how long a token outlives what ends it, or changes its rights, at every service. */
import { stopTestServer } from '@signet/service-kit/testing';
import { decodeProtectedHeader } from 'jose';
import { setTimeout as delay } from 'node:timers/promises';
import { AdminApi, administrator, person as newUser, type Person } from '../test/support/administration.ts';
import setUp from '../test/support/e2e-setup.ts';
import { request, type Answer } from '../test/support/http.ts';
import { metricIs } from '../test/support/metrics.ts';
import {
  basic,
  clientCredentials,
  exchange,
  postForm,
  type RegisteredClient,
  type TokenAnswer,
} from '../test/support/oauth.ts';
import { operateJson } from '../test/support/operator.ts';
import { newKeyRing } from '../test/support/secrets.ts';
import type { RunningService } from '../test/support/service.ts';
import { AuthReplicas, beginSession } from '../test/support/sessions.ts';
import { help, publish, table } from './report.ts';
import { percentile } from './statistics.ts';

const TRIALS = 200;
/** Each runs a command, and waits for the next key. */
const KEY_TRIALS = 20;
const AUTHS = 2;
const BUSINESSES = 5;

help(`Usage: npm run bench:revocation [-- CHANGE …]

Starts ${AUTHS} replicas of auth and ${BUSINESSES} of business. In each of ${TRIALS} trials something changes at one replica of auth while
a token from before is shown to every business without a pause: a logout, a role that is granted or taken away, the
scopes of a role, an account that is disabled, enabled or deleted, a client that is disabled, revokes its token or loses its
secret, a signing key that is revoked (${KEY_TRIALS} trials, as each starts a program). Prints, and writes to bench/results.md, how long after the
answer to the change the token was last accepted. With names of changes, only those.
`);

/** What happens to a person who has a token: the change itself, after what makes it possible. */
interface Change {
  /** Where businesses take the token; `/dashboard` unless told. */
  readonly path?: string;
  /** {@link TRIALS} unless told. */
  readonly trials?: number;
  /** @returns the token that is watched */
  readonly prepare: (auth: RunningService, person: Person) => Promise<string>;
  /** @returns when it was made, by `performance.now()`, where that is not when it was answered */
  readonly make: (auth: RunningService, person: Person, token: string) => Promise<unknown>;
}

await setUp();
const replicas = await AuthReplicas.prepare();
const ring = newKeyRing();
const auths = await Promise.all(Array.from({ length: AUTHS }, () => replicas.start(ring)));
const businesses = await startBusinesses();
const root = await administrator(replicas, auths[0]!);
let rootToken = { at: -Infinity, text: '' };
let scopes = 0;
let clients = 0;
/** Of the user for whom a token was exchanged last. */
let userToken = '';
let client: RegisteredClient;

const CHANGES: Readonly<Record<string, Change>> = {
  logout: {
    prepare: logIn,
    make: (auth, _person, token) => logOut(auth, token),
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
      return exchanged(auth, userToken);
    },
    make: (auth) => logOut(auth, userToken),
  },
  'client disabled (exchanged token)': {
    prepare: async (auth, person) => exchanged(auth, await logIn(auth, person)),
    make: (auth) => admin(auth, 'PATCH', `/clients/service-${clients}`, { disabled: true }),
  },
  'client disabled (its own token)': {
    path: '/statistics',
    prepare: async (auth) =>
      tokenIn(await clientCredentials(auth, await addClient(auth), { audience: 'signet' })),
    make: (auth) => admin(auth, 'PATCH', `/clients/service-${clients}`, { disabled: true }),
  },
  'token revoked': {
    path: '/statistics',
    prepare: async (auth) => {
      client = await addClient(auth);
      return tokenIn(await clientCredentials(auth, client, { audience: 'signet' }));
    },
    make: (auth, _person, token) => postForm(`${auth.url}/oauth/revoke`, { token }, basic(client)),
  },
  'client loses its secret (exchanged token)': {
    prepare: async (auth, person) => exchanged(auth, await logIn(auth, person)),
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
const results: { readonly name: string; readonly trials: number; readonly ages: number[] }[] = [];
try {
  await admin(auths[0]!, 'PUT', '/roles/support', { scopes: ['tasks:read'] });
  for (const [name, change] of Object.entries(CHANGES)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const ages: number[] = [];
    const { trials = TRIALS } = change;
    for (let trial = 0; trial < trials; trial++) ages.push(...(await measure(change, auths[trial % AUTHS]!)));
    results.push({ name, trials, ages });
  }
} finally {
  await replicas.end();
  await stopTestServer();
}
report();

async function startBusinesses(): Promise<RunningService[]> {
  const REVOCATION_FEED_URL = auths.map(({ url }) => `${url}/revocations`).join(',');
  const settings = { ...ring, AUTH_URL: auths[0]!.url, REVOCATION_FEED_URL };
  const start = () => replicas.startService('business', settings);
  const started = await Promise.all(Array.from({ length: BUSINESSES }, start));
  for (const service of started) await metricIs(service, 'revocation_feed_connected', 1);
  return started;
}

/** Logs in again long before the token runs out, and while the login is recent. */
async function tokenOfRoot(): Promise<string> {
  if (performance.now() - rootToken.at > 120_000)
    rootToken = { at: performance.now(), text: await logIn(auths[0]!, root) };
  return rootToken.text;
}

async function logIn(auth: RunningService, { email }: Person): Promise<string> {
  return (await beginSession(auth, email)).access_token;
}

async function logOut({ url }: RunningService, token: string): Promise<void> {
  const { status } = await request('POST', `${url}/auth/logout`, { token });
  if (status !== 204) throw new Error(`a logout answered ${status}`);
}

async function admin(auth: RunningService, method: string, path: string, body?: object): Promise<object> {
  return new AdminApi(auth, await tokenOfRoot()).change(method, path, body);
}

/** A service that may act for users, registered for one trial. */
async function addClient(auth: RunningService): Promise<RegisteredClient> {
  const grants = [{ audience: 'signet', scopes: ['tasks:statistics'] }];
  const body = { grants, on_behalf_of_users: true };
  return (await admin(auth, 'POST', `/clients/service-${++clients}`, body)) as RegisteredClient;
}

async function exchanged(auth: RunningService, token: string): Promise<string> {
  return tokenIn(await exchange(auth, await addClient(auth), token, { audience: 'signet' }));
}

function tokenIn({ status, body }: Answer<TokenAnswer>): string {
  if (status !== 200) throw new Error(`the token endpoint answered ${status}`);
  return body.access_token;
}

/** Whether every business lets a token in. */
async function isAccepted(token: string): Promise<boolean> {
  const answers = await Promise.all(
    businesses.map(({ url }) => request('GET', `${url}/dashboard`, { token })),
  );
  return answers.every(({ status }) => status === 200);
}

/** Until every replica signs with the key that has followed the one revoked before. */
async function logInAgain(auth: RunningService, person: Person): Promise<string> {
  for (;;) {
    await delay(200);
    const token = await logIn(auth, person);
    if (await isAccepted(token)) return token;
  }
}

/** @returns when the key was revoked, by the clock of the database, which is this machine's */
async function revokeKeyOf(token: string): Promise<number> {
  const { kid } = decodeProtectedHeader(token);
  await operateJson(['keys', 'revoke', kid!, '--force'], { ...replicas.environment, ...ring });
  const [row] = await replicas.query<{ at: Date }>(
    'select revoked_at as at from signing_keys where kid = $1',
    [kid],
  );
  return (row?.at.getTime() ?? NaN) - performance.timeOrigin;
}

/** One trial: for each business the milliseconds from the answer to the change to the last time it let the token in. */
async function measure(
  { path = '/dashboard', prepare, make }: Change,
  auth: RunningService,
): Promise<number[]> {
  const person = await newUser(auth);
  const token = await prepare(auth, person);
  let answeredAt = Infinity;
  const watches = businesses.map(async ({ url }) => {
    let acceptedAt = -Infinity;
    for (;;) {
      const askedAt = performance.now();
      if ((await request('GET', url + path, { token })).status !== 200) return acceptedAt;
      acceptedAt = askedAt;
    }
  });
  const madeAt = await make(auth, person, token);
  answeredAt = typeof madeAt === 'number' ? madeAt : performance.now();
  return (await Promise.all(watches)).map((acceptedAt) => Math.max(0, acceptedAt - answeredAt));
}

function report(): void {
  const at = (ages: readonly number[], share: number) => `${percentile(ages, share).toFixed(1)} ms`;
  publish(
    'revocation',
    'How long a token outlives what ends it',
    `(${AUTHS} auth and ${BUSINESSES} business processes, one PostgreSQL, ES256; from the answer to the change to the last request with`,
    'the token from before that any business let in; 0: none after the answer. A signing key is revoked by a command: from the',
    'moment that the database has for it; a trial starts a program, so there are fewer). Goal: below 1,000 ms.\n',
    table(
      ['change', 'trials', 'p50', 'p90', 'p99', 'max'],
      results.map(({ name, trials, ages }) => [
        name,
        String(trials),
        at(ages, 0.5),
        at(ages, 0.9),
        at(ages, 0.99),
        at(ages, 1),
      ]),
    ),
  );
}
