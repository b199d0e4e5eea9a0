/**
 * `npm run docs:run`: runs every shell block (```sh) of the README and "Get started", in order, against real services.
 * What needs more than this machine has is written as a console session (```console) and not run.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { readPages, type Block, type Page } from './docs/pages.ts';
import { ROOT } from './services.ts';

const PAGES = new Set(['README.md', 'docs/get-started.md']);
/** A block that starts the services. Its install part is what this script itself was installed by. */
const STARTS = /^(?:npm ci && )?npm start\b/m;
/** What a comment behind a command promises of its answer: `# 401 Invalid token`. */
const PROMISE = /# (\d{3}) ([A-Z][\w ]*)/g;
const READY = /Signet is ready/;
const START_DEADLINE_MS = 180_000;

let services: ChildProcess | undefined;
let failed = 0;
let ran = 0;
for (const page of readPages().filter(({ path }) => PAGES.has(path))) await run(page);
if (services) await stop(services);
process.stdout.write(`${ran} shell blocks ran, ${failed} faults\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function run(page: Page): Promise<void> {
  const blocks = page.blocks.filter(({ language }) => language === 'sh');
  if (blocks.some((block) => STARTS.test(block.text))) services ??= await start();
  // One shell for a page, as a reader has one: later blocks use what earlier ones have set.
  const script = blocks
    .filter((block) => !STARTS.test(block.text))
    .map((block) => `${banner(page, block)}\n${block.text}`)
    .join('\n');
  ran += blocks.length;
  const shell = spawn('bash', ['-e', '-u', '-o', 'pipefail'], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  shell.stdin.end(script);
  const [output, [code]] = await Promise.all([text(shell.stdout), once(shell, 'close')]);
  process.stdout.write(`${output}\n`);
  const faults = code === 0 ? [] : [`a shell block ended with ${String(code)}`];
  for (const [promise, status, detail] of script.matchAll(PROMISE))
    if (!output.includes(`"status":${status},"detail":"${detail}"`))
      faults.push(`no answer was "${promise}"`);
  failed += faults.length;
  for (const fault of faults) process.stderr.write(`${page.path}: ${fault}\n`);
}

function banner({ path }: Page, { line }: Block): string {
  return `echo "--- ${path}:${line}"`;
}

async function start(): Promise<ChildProcess> {
  process.stdout.write('--- npm start\n');
  const child = spawn('npm', ['start'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ready = new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (READY.test(said)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
    setTimeout(
      () => reject(new Error(`npm start was not ready in time:\n${said}`)),
      START_DEADLINE_MS,
    ).unref();
  });
  await ready;
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await ended;
}
