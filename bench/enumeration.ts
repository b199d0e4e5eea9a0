/** `npm run bench:enumeration`: whether the time of an answer tells who has an account, or which clients there are. */
import { stopTestServer } from '@signet/service-kit/testing';
import { SignJWT } from 'jose';
import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import setUp from '../test/support/e2e-setup.ts';
import { request } from '../test/support/http.ts';
import type { RunningService } from '../test/support/service.ts';
import { AuthReplicas, PASSWORD } from '../test/support/sessions.ts';
import { help, measured, save, table } from './report.ts';
import { median } from './statistics.ts';

const PAIRS = 1_000;
const WARM_UP = 50;
const RANGE = [0.97, 1.03] as const;

help(`Usage: npm run bench:enumeration [-- WORD]

Asks auth, in ${PAIRS} pairs whose order is drawn each time, about an address that has an account and one that has
none, and about clients that exist and that do not. Prints, and writes to bench/results.md, the medians of both and the median of the pairs' ratios, which has to be within
${RANGE.join(' and ')}; otherwise the exit code is 1.
With a word, asks only what has it in its name, and writes nothing.
`);

/** A request. @returns its status, when all of the answer has come */
type Ask = () => Promise<number>;

interface Row {
  readonly name: string;
  readonly known: number;
  readonly unknown: number;
  /** The median of the pairs' ratios: what slows the machine down for a while slows both of a pair. */
  readonly ratio: number;
}

const [, , only = ''] = process.argv;
await setUp();
const folder = mkdtempSync(join(tmpdir(), 'signet-enumeration-'));
const rows: Row[] = [];
try {
  for (const verification of ['off', 'required']) await measure(verification);
} finally {
  await stopTestServer();
  rmSync(folder, { recursive: true });
}
report();

/** Mails go into a folder, so that what is measured is auth alone. */
async function measure(verification: string): Promise<void> {
  const replicas = await AuthReplicas.prepare();
  const settings = { DATA_DIR: folder, EMAIL_VERIFICATION: verification, HASH_NICENESS: undefined };
  const auth = await replicas.start(settings);
  try {
    await addPeople(replicas);
    const compareJson = (name: string, path: string, status: number, body: (name: string) => object) =>
      compare(
        name,
        status,
        (who) => async () => (await request('POST', auth.url + path, { body: body(who) })).status,
      );
    await compareJson(`register, verification ${verification}`, '/auth/register', 202, (name) => ({
      email: `${name}@example.com`,
      password: PASSWORD,
    }));
    if (verification === 'off') return;
    await compareJson('login, wrong password', '/auth/login', 401, (name) => ({
      email: `${name}@example.com`,
      password: 'not the password at all',
    }));
    await compareJson('forgot', '/auth/password/forgot', 202, (name) => ({ email: `${name}@example.com` }));
    await compareJson('reset, expired or guessed token', '/auth/password/reset', 400, (name) => ({
      token: name.padEnd(43, '-'),
      new_password: PASSWORD,
    }));
    await compareClients(auth, replicas);
  } finally {
    await replicas.end();
  }
}

/** People who are known, each with a link that has expired; their hash is of no password that anybody tries. */
async function addPeople(replicas: AuthReplicas): Promise<void> {
  const hash =
    '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0IGhlcmU$dzYRKg5kQLmdp0Y1s3pEXhGpLuNnQNDdPfhPqHyLrwU';
  const digests = Array.from({ length: PAIRS + WARM_UP }, (_, i) =>
    createHash('sha256')
      .update(`known-${pad(i)}`.padEnd(43, '-'))
      .digest(),
  );
  await replicas.query(
    `with added as (
      insert into users (email, password_hash, email_verified)
      select 'known-' || lpad((n - 1)::text, 6, '0') || '@example.com', $1, true
      from generate_series(1, $2) n returning id, email)
    insert into one_time_tokens (purpose, subject, digest, user_id, email, mail_id, expires_at)
    select 'password_reset', id::text, ($3::bytea[])[substr(email, 7, 6)::int + 1], id, email, uuidv7(), now()
    from added`,
    [hash, digests.length, digests],
  );
}

/** Clients that are known, by a secret that nobody has or by a key, and requests that prove nothing. */
async function compareClients(auth: RunningService, replicas: AuthReplicas): Promise<void> {
  await compareClientsBy(auth, replicas, 'wrong secret', { secret_hash: randomBytes(32) }, (id) => ({
    authorization: `Basic ${Buffer.from(`${id}:sgn_cs_${'x'.repeat(43)}`).toString('base64')}`,
  }));
  for (const algorithm of ['ES256', 'RS256'] as const) {
    const [{ publicKey }, { privateKey }] = await Promise.all([keyPair(algorithm), keyPair(algorithm)]);
    const public_key = { ...publicKey.export({ format: 'jwk' }), algorithms: [algorithm] };
    const assertionOf = (id: string) =>
      new SignJWT()
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(id)
        .setSubject(id)
        .setAudience('http://localhost:3000')
        .setJti(id)
        .setIssuedAt()
        .setExpirationTime('60s')
        .sign(privateKey);
    await compareClientsBy(
      auth,
      replicas,
      `assertion with another ${algorithm} key`,
      { public_key },
      undefined,
      assertionOf,
    );
  }
}

async function compareClientsBy(
  auth: RunningService,
  replicas: AuthReplicas,
  how: string,
  credential: Readonly<Record<string, unknown>>,
  headersOf: (id: string) => Readonly<Record<string, string>> = () => ({}),
  assertionOf?: (id: string) => Promise<string>,
): Promise<void> {
  const [[column, value]] = Object.entries(credential) as [[string, unknown]];
  await replicas.query('delete from clients');
  await replicas.query(
    `insert into clients (id, grants, ${column})
      select 'known-' || lpad((n - 1)::text, 6, '0'), '[{"audience":"business","scopes":[]}]', $1
      from generate_series(1, $2) n`,
    [value, PAIRS + WARM_UP],
  );
  await replicas.query('vacuum (analyze) clients');
  await compare(`client, ${how}`, 401, async (id) => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', audience: 'business' });
    if (assertionOf) {
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      body.set('client_assertion', await assertionOf(id));
    }
    const headers = headersOf(id);
    return async () => {
      const response = await fetch(`${auth.url}/oauth/token`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    };
  });
}

function keyPair(algorithm: 'ES256' | 'RS256') {
  return algorithm === 'ES256'
    ? promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
    : promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
}

/** @param prepare makes a request about somebody, whose name is as long as any other, so that the requests are */
async function compare(
  name: string,
  expected: number,
  prepare: (who: string) => Ask | Promise<Ask>,
): Promise<void> {
  if (!name.includes(only)) return;
  process.stderr.write(`${name} …\n`);
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let pair = 0; pair < PAIRS + WARM_UP; pair++) {
    const order = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const kind of order) {
      const ask = await prepare(`${kind === 'known' ? 'known' : 'nobod'}-${pad(pair)}`);
      const began = performance.now();
      const status = await ask();
      const time = performance.now() - began;
      if (status !== expected) throw new Error(`${name}: answered ${status}`);
      if (pair >= WARM_UP) times[kind].push(time);
    }
  }
  const ratios = times.known.map((time, pair) => time / (times.unknown[pair] ?? NaN));
  rows.push({ name, known: median(times.known), unknown: median(times.unknown), ratio: median(ratios) });
}

function pad(n: number): string {
  return String(n).padStart(6, '0');
}

function report(): void {
  const lines = rows.map(({ name, known, unknown, ratio }) => [
    name,
    `${known.toFixed(2)} ms`,
    `${unknown.toFixed(2)} ms`,
    ratio.toFixed(3),
  ]);
  const text = [
    '# Whether the time of an answer tells who has an account, or which clients there are\n',
    measured('npm run bench:enumeration'),
    `(${PAIRS.toLocaleString('en')} pairs each, their order drawn, one after the other; medians, and the median of the pairs’ ratios).
Goal: a ratio within ${RANGE.join(' and ')}.\n`,
    table(['request', 'known', 'unknown', 'ratio'], lines),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  if (only === '') save('enumeration', text);
  const isWithin = rows.every(({ ratio }) => ratio >= RANGE[0] && ratio <= RANGE[1]);
  process.exitCode = isWithin ? 0 : 1;
}
