import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { APPS, entryOf, whenReady, type App } from '../../scripts/services.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A built service in a process of its own, on a free port. */
export interface RunningService {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything printed so far. */
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

const DEFAULTS = { PORT: '0', LOG_LEVEL: 'info', SHUTDOWN_DELAY_SECONDS: '0', HASH_NICENESS: '0' };

const running = new Set<ChildProcess>();

/**
 * Starts `dist/apps/<app>/main.js` as a user does, from another directory, with `environment` alone.
 *
 * @param args of `node`, for a service of the tests
 */
export async function startService(
  app: string,
  environment: Environment,
  args: readonly string[] = [entryOf(app)],
): Promise<RunningService> {
  const { child, output } = launch(args, environment);
  const url = await whenReady(child).catch((error: Error) => {
    throw new Error(`${app} ${error.message}:\n${output()}`);
  });
  return {
    url,
    process: child,
    output,
    async prints(text) {
      while (!output().includes(text)) await once(child.stdout, 'data');
    },
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

/** Starts a service that must refuse to start, and waits for its end. */
export async function failToStart(app: string, environment: Environment): Promise<FailedStart> {
  const { child, output } = launch([entryOf(app)], environment);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr, output: output() };
}

/** Ends whatever a test file has left running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child, 'SIGTERM')));
}

export { APPS, type App };

function launch(args: readonly string[], environment: Environment) {
  const { PATH, HOME } = process.env;
  const env = { ...DEFAULTS, PATH, HOME, ...limits(environment), ...environment };
  const child = spawn(process.execPath, [...args], {
    env,
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  return { child, output: () => printed };
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
