/** `npm run bench:revocation`: how long a token outlives the logout, at every service. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { buildIfNeeded, ROOT, type App } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';
import { Service } from './service.ts';

const TRIALS = 200;
const AUTHS = 2;
const BUSINESSES = 5;
const PASSWORD = 'a long and quiet evening';

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:revocation

Starts ${AUTHS} replicas of auth and ${BUSINESSES} of business. In each of ${TRIALS} trials somebody logs out at one replica of auth while
the token is shown to every business without a pause. Prints, and writes to bench/results.md, how long after the
answer to the logout the token was last accepted.
`);
  process.exit(0);
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const { auths, businesses } = await start();
const ages: number[] = [];
try {
  const email = 'ada@example.com';
  await auths[0]?.post('/auth/register', { email, password: PASSWORD });
  for (let trial = 0; trial < TRIALS; trial++) {
    if (trial % 20 === 0) process.stderr.write(`trial ${trial} of ${TRIALS}\n`);
    ages.push(...(await logOut(auths[trial % AUTHS]!, email)));
  }
} finally {
  await Promise.all([...auths, ...businesses].map((service) => service.stop()));
  await stopTestServer();
}
report(ages.toSorted((a, b) => a - b));

async function start() {
  const secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
    REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
  };
  const authUrl = await database('auth');
  const replicas = Array.from({ length: AUTHS }, () =>
    Service.start('auth', { ...secrets, DATABASE_URL: authUrl }),
  );
  const started = await Promise.all(replicas);
  const REVOCATION_FEED_URL = started.map(({ url }) => `${url}/revocations`).join(',');
  const businessUrl = await database('business');
  const environment = { ...secrets, REVOCATION_FEED_URL, DATABASE_URL: businessUrl };
  const others = await Promise.all(
    Array.from({ length: BUSINESSES }, () => Service.start('business', environment)),
  );
  for (const service of others) await service.hasMetric('revocation_feed_connected 1');
  return { auths: started, businesses: others };
}

async function database(app: App): Promise<string> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return (await createTestDatabase({ name: app, migrationsFolder })).url;
}

/** One trial: for each business the milliseconds from the answer to the logout to the last time it let the token in. */
async function logOut(auth: Service, email: string): Promise<number[]> {
  const login = await auth.post('/auth/login', { email, password: PASSWORD });
  const token = (login.body as { access_token: string }).access_token;
  let answeredAt = Infinity;
  const watches = businesses.map(async (business) => {
    let acceptedAt = -Infinity;
    for (;;) {
      const askedAt = performance.now();
      if ((await business.get('/dashboard', token)) !== 200) return acceptedAt;
      acceptedAt = askedAt;
    }
  });
  const { status } = await auth.post('/auth/logout', undefined, token);
  answeredAt = performance.now();
  if (status !== 204) throw new Error(`logout answered ${status}`);
  return (await Promise.all(watches)).map((acceptedAt) => Math.max(0, acceptedAt - answeredAt));
}

function report(sorted: readonly number[]): void {
  const at = (share: number) =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(1)} ms`;
  const text = [
    '# How long a token outlives the logout\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:revocation\``,
    `(${TRIALS} logouts, ${AUTHS} auth and ${BUSINESSES} business processes, one PostgreSQL; from the answer to the logout to the last`,
    'request with the token that any business let in; 0: none after the answer). Goal: below 1,000 ms.\n',
    table(['p50', 'p90', 'p99', 'max'], [[at(0.5), at(0.9), at(0.99), at(1)]]),
  ].join('\n');
  process.stdout.write(`\n${text}\n`);
  save('revocation', text);
}
