import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { APPS, entryOf, whenReady, type App } from '../../scripts/services.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is run, where it is not the built entry of an app, from another directory than the workspace. */
export interface Program {
  /** Arguments of `node`. */
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Whether there is a channel for messages to it. */
  readonly hasChannel?: boolean;
}

/** A service in a process of its own, on a free port. */
export interface RunningService {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything printed so far, of a service that talks for hours the last of it. */
  output(): string;
  /** Waits until `text` has been printed. */
  prints(text: string): Promise<void>;
  /** SIGTERM, then waits for the end; returns the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, then waits for the end. */
  kill(): Promise<void>;
}

/** What a service prints and how it ends when it is not meant to come up. */
export interface FailedStart {
  readonly code: number | null;
  readonly stderr: string;
  readonly output: string;
}

/** A process whose output is read. */
type Child = ChildProcessByStdio<null, Readable, Readable>;

/** What a command has printed, and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULTS = { PORT: '0', LOG_LEVEL: 'info', SHUTDOWN_DELAY_SECONDS: '0', HASH_NICENESS: '0' };
const KEPT_CHARACTERS = 2 ** 26;

const running = new Set<ChildProcess>();

/** Starts `dist/apps/<app>/main.js` as a user does, with `environment` alone, and waits until it is ready. */
export async function startService(
  app: string,
  environment: Environment,
  program: Program = {},
): Promise<RunningService> {
  const { child, output } = launch(app, environment, program);
  const url = await whenReady(child).catch((error: Error) => {
    throw new Error(`${app} ${error.message}:\n${output()}`);
  });
  return {
    url,
    process: child,
    output,
    async prints(words) {
      while (!output().includes(words)) await once(child.stdout, 'data');
    },
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

/** Starts a service that must refuse to start, and waits for its end. */
export async function failToStart(app: string, environment: Environment): Promise<FailedStart> {
  const { child, output } = launch(app, environment);
  const stderr = text(child.stderr);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr: await stderr, output: output() };
}

/** Runs a command of an app with `environment` alone, as in the image: `node main.js <args>`. */
export async function runCommand(
  app: string,
  args: readonly string[],
  environment: Environment,
  onStart: (child: Child) => void = () => undefined,
): Promise<CommandResult> {
  const child = spawnNode([entryOf(app), ...args], environment);
  onStart(child);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number | null, stdout, stderr };
}

/** Ends whatever a test file has left running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child, 'SIGTERM')));
}

export { APPS, type App };

function launch(app: string, environment: Environment, program: Program = {}) {
  const { args = [entryOf(app)], ...options } = program;
  const child = spawnNode(args, { ...DEFAULTS, ...limits(environment), ...environment }, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += String(chunk);
      if (printed.length > 2 * KEPT_CHARACTERS) printed = printed.slice(-KEPT_CHARACTERS);
    });
  }
  return { child, output: () => printed };
}

function spawnNode(
  args: readonly string[],
  environment: Environment,
  { cwd = tmpdir(), hasChannel = false }: Omit<Program, 'args'> = {},
): Child {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...environment };
  return spawn(process.execPath, [...args], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', hasChannel ? 'ipc' : 'ignore'],
  }) as Child;
}

/** The limits have tests of their own; all others would run into them. Production does not start without. */
function limits({ NODE_ENV }: Environment): Environment {
  return NODE_ENV === 'production' ? {} : { RATE_LIMITS: 'off' };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
