/** `npm run bench:footprint`: how fast each service starts, and what memory and disk it takes. */
import { stopTestServer } from '@signet/service-kit/testing';
import { join } from 'node:path';
import type { App } from '../scripts/services.ts';
import setUp from '../test/support/e2e-setup.ts';
import { AuthReplicas } from '../test/support/sessions.ts';
import { imageFiles } from '../scripts/image-files.ts';
import { measure, type Footprint } from './footprint/measure.ts';
import { help, publish, table } from './report.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;

help(`Usage: npm run bench:footprint

Starts each service ${ROUNDS} times, in turns with a bare node:http server, on databases that are there and migrated, beside an
auth that runs. Prints medians of the time to ready and of resident memory, idle and after some thousand requests, and what an
image holds beyond Node. Writes bench/results.md.
`);

await setUp();
const figures: Record<'bare' | App, Footprint[]> = { bare: [], auth: [], business: [] };
try {
  const replicas = await AuthReplicas.prepare();
  // A service is ready when it knows what has been revoked, and an auth is there to tell it.
  const { url: AUTH_URL } = await replicas.start();
  for (let round = 0; round < ROUNDS; round++) {
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
    figures.bare.push(await measure('bare', '/', { args: [join(import.meta.dirname, 'footprint/bare.js')] }));
    for (const app of ['auth', 'business'] as const) {
      const environment = { ...(await replicas.environmentOf(app)), AUTH_URL };
      figures[app].push(await measure(app, '/health/live', {}, environment));
    }
  }
  await replicas.end();
} finally {
  await stopTestServer();
}

const middle = (of: keyof typeof figures, figure: keyof Footprint): number =>
  median(figures[of].map((each) => each[figure]));
const rows = (['bare', 'auth', 'business'] as const).map((name) => [
  name === 'bare' ? 'bare node:http' : name,
  `${Math.round(middle(name, 'readyMs'))} ms`,
  megabytes(middle(name, 'idle')),
  megabytes(middle(name, 'loaded')),
  name === 'bare' ? '' : megabytes(imageFiles(name).reduce((sum, { bytes }) => sum + bytes, 0)),
]);
const ratio = (figure: 'idle' | 'loaded') => (middle('business', figure) / middle('bare', figure)).toFixed(2);
publish(
  'footprint',
  'What a service takes',
  `(medians of ${ROUNDS} starts, in turns, on a`,
  'PostgreSQL and beside an auth that run already; resident memory 3 s after the start, and after 5,000 requests).\n',
  table(['', 'start to ready', 'memory, idle', 'memory, loaded', 'image beyond Node'], rows),
  `\nbusiness / bare node:http: ${ratio('idle')} idle, ${ratio('loaded')} loaded. Goals: business ready in 1,000 ms, memory 2.5 times the bare`,
  "server's, 15 MB an image.",
);

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
