import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf, whenReady, type App } from './services.ts';

/** Both built services on fresh embedded databases, which end with them. */
export interface FreshServices {
  readonly urls: Readonly<Record<App, string>>;
  /** The last that a service has printed. */
  output(app: App): string;
  stop(): Promise<void>;
}

const KEPT_CHARACTERS = 20_000;

/** Starts both, as plain node does, from another directory than the workspace. */
export async function startFresh(environment: Readonly<Record<string, string>> = {}): Promise<FreshServices> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-'));
  const printed: Record<App, string> = { auth: '', business: '' };
  const ends: (() => Promise<unknown>)[] = [];
  const start = (app: App, more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const own = { PORT: '0', DATABASE_URL: '', DATA_DIR: join(folder, app), SHUTDOWN_DELAY_SECONDS: '0' };
    const service = spawn(process.execPath, [entryOf(app)], {
      env: { ...process.env, ...own, ...more, ...environment },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [service.stdout, service.stderr]) {
      stream.on('data', (chunk) => (printed[app] = (printed[app] + String(chunk)).slice(-KEPT_CHARACTERS)));
    }
    const ended = new Promise<unknown>((resolve) => service.once('exit', resolve));
    ends.push(() => (service.kill('SIGTERM'), ended));
    return whenReady(service).catch((error: Error) => {
      throw new Error(`${app} ${error.message}:\n${printed[app]}`);
    });
  };
  const stop = async (): Promise<void> => {
    await Promise.all(ends.map((end) => end()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const auth = await start('auth');
    const business = await start('business', { AUTH_URL: auth });
    return { urls: { auth, business }, output: (app) => printed[app], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
