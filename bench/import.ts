/** `npm run bench:import`: what it costs to bring people along, and that memory does not grow with their number. */
import { stopTestServer } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import setUp from '../test/support/e2e-setup.ts';
import { runCommand, type Environment } from '../test/support/service.ts';
import { AuthReplicas } from '../test/support/sessions.ts';
import { memoryOf } from './process.ts';
import { help, publish, table } from './report.ts';

const SIZES = [10_000, 100_000];
const SAMPLE_MS = 20;

help(`Usage: npm run bench:import

Imports ${SIZES.join(' and ')} people from CSV by the built command, each time into a new database, and then once more.
Prints, and writes to bench/results.md, rows a second and the peak of the process's memory.
`);

await setUp();
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
  const replicas = await AuthReplicas.prepare();
  const results: string[][] = [];
  for (const [run, options] of [
    ['dry run', ['--dry-run']],
    ['import', []],
    ['once more', []],
  ] as const) {
    process.stderr.write(`${size} people: ${run}\n`);
    const { counts, seconds, peak } = await importFile(
      ['users', 'import', file, '--json', ...options],
      replicas.environment,
    );
    const expected = run === 'once more' ? counts.unchanged : counts.imported;
    if (expected !== size) throw new Error(`${run} of ${size}: ${JSON.stringify(counts)}`);
    const rate = Math.round(size / seconds).toLocaleString('en');
    results.push([size.toLocaleString('en'), run, `${seconds.toFixed(1)} s`, rate, `${peak} MB`]);
  }
  await replicas.end();
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
async function importFile(args: readonly string[], environment: Environment) {
  const begunAt = performance.now();
  let peak = 0;
  let sampler: NodeJS.Timeout | undefined;
  const { code, stdout } = await runCommand('auth', args, environment, ({ pid }) => {
    sampler = setInterval(() => (peak = Math.max(peak, memoryOf(pid, 'VmHWM'))), SAMPLE_MS);
  });
  clearInterval(sampler);
  if (code !== 0) throw new Error(`the import ended with ${String(code)}`);
  const counts = JSON.parse(stdout) as { imported: number; unchanged: number; rejected: number };
  return { counts, seconds: (performance.now() - begunAt) / 1000, peak: Math.round(peak / 2 ** 20) };
}

function report(): void {
  publish(
    'import',
    'What it costs to bring people along',
    '(CSV of a Django, one process and one PostgreSQL on the same machine; the start of the process, about a second, counts',
    'too; memory: the peak of the resident set). Goal: 100,000 people in one run, with memory that does not grow with them.\n',
    table(['people', 'run', 'time', 'rows a second', 'peak memory'], rows),
  );
}
