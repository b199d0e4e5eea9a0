/** `npm run bench:footprint`: how fast each service starts, and what memory and disk it takes. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { buildIfNeeded, entryOf, ROOT, type App } from '../scripts/services.ts';
import { imageFiles } from '../scripts/image-files.ts';
import { measure, type Footprint } from './footprint/measure.ts';
import { machine, save, table } from './report.ts';

const ROUNDS = 5;

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:footprint

Starts each service ${ROUNDS} times, in turns with a bare node:http server, on databases that are there and migrated. Prints
medians of the time to ready and of resident memory, idle and after some thousand requests, and what an image holds
beyond Node. Writes bench/results.md.
`);
  process.exit(0);
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const figures: Record<'bare' | App, Footprint[]> = { bare: [], auth: [], business: [] };
try {
  const secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
    REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
  };
  const databases = { auth: await database('auth'), business: await database('business') };
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    figures.bare.push(await measure(join(import.meta.dirname, 'footprint/bare.js'), '/'));
    for (const app of ['auth', 'business'] as const) {
      const environment = { ...secrets, DATABASE_URL: databases[app] };
      figures[app].push(await measure(entryOf(app), '/health/live', environment));
    }
  }
} finally {
  await stopTestServer();
}

const median = (of: keyof typeof figures, figure: keyof Footprint): number =>
  figures[of].map((each) => each[figure]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
const rows = (['bare', 'auth', 'business'] as const).map((name) => [
  name === 'bare' ? 'bare node:http' : name,
  `${Math.round(median(name, 'readyMs'))} ms`,
  megabytes(median(name, 'idle')),
  megabytes(median(name, 'loaded')),
  name === 'bare' ? '' : megabytes(imageFiles(name).reduce((sum, { bytes }) => sum + bytes, 0)),
]);
const ratio = (figure: 'idle' | 'loaded') => (median('business', figure) / median('bare', figure)).toFixed(2);
const report = [
  '# What a service takes\n',
  `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:footprint\` (medians of ${ROUNDS} starts, in turns, on a`,
  'PostgreSQL that runs already; resident memory 3 s after the start, and after 5,000 requests).\n',
  table(['', 'start to ready', 'memory, idle', 'memory, loaded', 'image beyond Node'], rows),
  `\nbusiness / bare node:http: ${ratio('idle')} idle, ${ratio('loaded')} loaded. Goals: business ready in 1,000 ms, memory 2.5 times the bare`,
  "server's, 15 MB an image.",
].join('\n');
process.stdout.write(`\n${report}\n`);
save('footprint', report);

async function database(app: App): Promise<string> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return (await createTestDatabase({ name: app, migrationsFolder })).url;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
