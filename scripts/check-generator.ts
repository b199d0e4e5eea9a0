/**
 * `npm run check:generator`: in a clean copy of the last commit a service is generated, found fit by every check, started
 * and removed again. Says how long each step took.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { applyEdits, modify } from 'jsonc-parser';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startService } from '../test/support/service.ts';
import { ROOT } from './services.ts';

const NAME = 'billing';
/** Of a page that may call the service. */
const ORIGIN = 'https://app.example.com';
const folder = mkdtempSync(join(tmpdir(), 'signet-generator-'));
const copy = join(folder, 'workspace');
try {
  run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, copy], folder);
  linkPackages();
  timed('taken and bad names are refused', refuseNames);
  timed('generate', () => npm('generate:service', NAME));
  const [generated, checked] = [changes(), performance.now()];
  timed('lint', () => npm('lint'));
  timed('types', () => npm('typecheck'));
  timed('format', () => npm('format:check'));
  timed('dependency rules', () => npm('lint:deps'));
  timed('tests', () => npm('test', NAME));
  timed('build', () => npm('build'));
  await answers();
  await watched();
  say('checks', checked);
  assert.deepEqual(changes(), generated, 'the checks have changed something');
  timed('remove', remove);
  assert.deepEqual(changes(), [], 'something is left of the service');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The packages of this workspace; its own libraries are those of the copy. */
function linkPackages(): void {
  mkdirSync(join(copy, 'node_modules/@signet'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name === '@signet') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  for (const name of readdirSync(join(ROOT, 'libs'))) {
    symlinkSync(join(copy, 'libs', name), join(copy, 'node_modules/@signet', name));
  }
}

function refuseNames(): void {
  for (const args of [
    ['auth'],
    ['jwt-shared'],
    ['support'],
    ['Billing'],
    ['../x'],
    [],
    [NAME, '--port', '3000'],
  ]) {
    const script = join(copy, 'scripts/generate-service.ts');
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], {
      cwd: copy,
      encoding: 'utf8',
    });
    assert.notEqual(status, 0, `${args.join(' ')} was accepted`);
    assert.notEqual(stderr, '');
  }
  assert.deepEqual(changes(), []);
}

/** The built service, on a database of its own, lets nobody in without a token, and an allowed page read why. */
async function answers(): Promise<void> {
  const started = performance.now();
  const environment = {
    DATA_DIR: join(folder, 'data'),
    AUTH_URL: 'http://127.0.0.1:9',
    REVOCATION_START_WAIT_SECONDS: '0',
    CORS_ORIGINS: ORIGIN,
  };
  const program = { args: [join(copy, `dist/apps/${NAME}/main.js`)], cwd: copy };
  const service = await startService(NAME, environment, program);
  const refused = await fetch(`${service.url}/items`, { headers: { origin: ORIGIN } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('access-control-allow-origin'), ORIGIN);
  await service.stop();
  say('the service answers', started);
}

/** `npm run start:dev` serves from the sources, and leaves nothing behind that would hold its output open. */
async function watched(): Promise<void> {
  const started = performance.now();
  const all = spawn(process.execPath, ['scripts/start.ts', '--watch'], { cwd: copy });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (text: string) => {
      said += text;
      if (said.includes('Signet is ready')) resolve();
      if (/cannot start/.test(said)) reject(new Error(said));
    };
    all.stdout.setEncoding('utf8').on('data', hear);
    all.stderr.setEncoding('utf8').on('data', hear);
    all.once('exit', () => reject(new Error(said)));
  });
  const closed = once(all, 'close', { signal: AbortSignal.timeout(120_000) });
  try {
    await ready;
  } finally {
    all.kill('SIGTERM');
    await closed;
  }
  say('start:dev serves and ends', started);
}

/** As docs/new-service.md says. */
function remove(): void {
  for (const path of [`apps/${NAME}`, `test/${NAME}`]) rmSync(join(copy, path), { recursive: true });
  edit('nest-cli.json', (text) => applyEdits(text, modify(text, ['projects', NAME], undefined, {})));
  edit('package-lock.json', (text) => {
    const lock = JSON.parse(text) as { packages: Record<string, object> };
    delete lock.packages[`apps/${NAME}`];
    delete lock.packages[`node_modules/@signet/${NAME}`];
    return `${JSON.stringify(lock, null, 2)}\n`;
  });
  edit('Dockerfile', (text) => text.replace(new RegExp(`\n(FROM runtime AS ${NAME}\n(?:.+\n)*)`), ''));
  edit('docker-compose.yml', (text) =>
    text
      .replace(new RegExp(`\n  ${NAME}:\n(?:    .*\n)+`), '')
      .replace(new RegExp(`\n  ${NAME}-db:\n(?:    .*\n)+`), '')
      .replace(new RegExp(`^  ${NAME}-(?:db|data):.*\n`, 'gm'), ''),
  );
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')));
}

function changes(): string[] {
  return run('git', ['status', '--porcelain', '--untracked-files=all']).split('\n').filter(Boolean);
}

function timed(step: string, work: () => unknown): void {
  const started = performance.now();
  work();
  say(step, started);
}

function say(step: string, started: number): void {
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${step}\n`);
}

function npm(script: string, ...args: string[]): void {
  run('npm', ['run', '--silent', script, '--', ...args]);
}

/** @throws {Error} with what it has printed, if it fails */
function run(command: string, args: readonly string[], cwd = copy): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
