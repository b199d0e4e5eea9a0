/** `npm run bench:import`: what it costs to bring people along, and that memory does not grow with their number. */
import { createTestDatabase, startTestServer, stopTestServer } from '@signet/service-kit/testing';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { buildIfNeeded, entryOf, ROOT } from '../scripts/services.ts';
import { machine, save, table } from './report.ts';

const SIZES = [10_000, 100_000];
const SAMPLE_MS = 20;

if (process.argv.includes('--help')) {
  process.stdout.write(`Usage: npm run bench:import

Imports ${SIZES.join(' and ')} people from CSV by the built command, each time into a new database, and then once more.
Prints, and writes to bench/results.md, rows a second and the peak of the process's memory.
`);
  process.exit(0);
}

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
await startTestServer();
const folder = await mkdtemp(join(tmpdir(), 'signet-bench-import-'));
const rows: string[][] = [];
try {
  for (const size of SIZES) rows.push(...(await measure(size)));
} finally {
  await rm(folder, { recursive: true });
  await stopTestServer();
}
report();

async function measure(size: number): Promise<string[][]> {
  const file = join(folder, `${size}.csv`);
  await pipeline(Readable.from(dump(size)), createWriteStream(file));
  const migrationsFolder = join(ROOT, 'apps/auth/src/database/migrations');
  const database = await createTestDatabase({ name: 'auth', migrationsFolder });
  const results: string[][] = [];
  for (const [run, options] of [
    ['dry run', ['--dry-run']],
    ['import', []],
    ['once more', []],
  ] as const) {
    process.stderr.write(`${size} people: ${run}\n`);
    const { counts, seconds, peak } = await importFile(file, options, database.url);
    const expected = run === 'once more' ? counts.unchanged : counts.imported;
    if (expected !== size) throw new Error(`${run} of ${size}: ${JSON.stringify(counts)}`);
    const rate = Math.round(size / seconds).toLocaleString('en');
    results.push([size.toLocaleString('en'), run, `${seconds.toFixed(1)} s`, rate, `${peak} MB`]);
  }
  await database.drop();
  return results;
}

function* dump(size: number): Generator<string> {
  yield 'username,email,password_hash,email_verified,created_at\n';
  for (let i = 0; i < size; i++) {
    const [salt, key] = [randomBytes(16).toString('hex'), randomBytes(32).toString('base64')];
    yield `person${i},person${i}@example.com,pbkdf2_sha256$1000000$${salt}$${key},t,2024-03-05 12:34:56.789012+00\n`;
  }
}

/** The start of the process counts too. */
async function importFile(file: string, options: readonly string[], url: string) {
  const begunAt = performance.now();
  const child = spawn(process.execPath, [entryOf('auth'), 'users', 'import', file, '--json', ...options], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: url,
      JWT_SECRET: randomBytes(32).toString('hex'),
      REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
      REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
      KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peak = 0;
  const sampler = setInterval(() => {
    void peakOf(child.pid).then((megabytes) => (peak = Math.max(peak, megabytes)));
  }, SAMPLE_MS);
  child.stderr.resume();
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  clearInterval(sampler);
  if (code !== 0) throw new Error(`the import ended with ${String(code)}`);
  const counts = JSON.parse(output) as { imported: number; unchanged: number; rejected: number };
  return { counts, seconds: (performance.now() - begunAt) / 1000, peak };
}

/** Megabytes, as Linux counts them since the start of the process. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
}

function report(): void {
  const result = [
    '# What it costs to bring people along\n',
    `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`npm run bench:import\``,
    '(CSV of a Django, one process and one PostgreSQL on the same machine; the start of the process, about a second, counts',
    'too; memory: the peak of the resident set). Goal: 100,000 people in one run, with memory that does not grow with them.\n',
    table(['people', 'run', 'time', 'rows a second', 'peak memory'], rows),
  ].join('\n');
  process.stdout.write(`\n${result}\n`);
  save('import', result);
}
