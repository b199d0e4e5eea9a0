import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../scripts/services.js';
import { documentedFiles } from './docs.js';
import type { Starter } from './starters.js';

const run = promisify(execFile);
const QUICKLY = ['--no-audit', '--no-fund', '--prefer-offline'];

/** A built app in a process of its own. */
export interface RunningApp {
  readonly url: string;
  readonly rpcPort: number;
  output(): string;
  stop(): Promise<void>;
}

/** An app outside of this workspace, made of a starter and what the docs of a package say. */
export class FreshApp {
  readonly folder: string;
  readonly #starter: Starter;

  private constructor(folder: string, starter: Starter) {
    this.folder = folder;
    this.#starter = starter;
  }

  /** Writes the app, with every code block of the docs that begins with the path of a file. */
  static write(starter: Starter, changes: Readonly<Record<string, string>> = {}): FreshApp {
    const app = new FreshApp(mkdtempSync(join(tmpdir(), 'signet-app-')), starter);
    app.#write('package.json', JSON.stringify(starter.manifest));
    for (const [path, text] of Object.entries({ ...starter.files, ...documentedFiles(), ...changes })) {
      app.#write(path, text);
    }
    return app;
  }

  /** `npm install`, then `npm install @signet/jwt-shared`. */
  async install(): Promise<void> {
    await this.npm('install', ...QUICKLY);
    await this.add('jwt-shared');
  }

  /** `npm install` of libraries of ours, from their packed files, and of what else a README asks for. */
  async add(...libraries: string[]): Promise<void> {
    const packed = libraries.flatMap((name) => globSync(`dist/packages/signet-${name}-*.tgz`, { cwd: ROOT }));
    await this.npm('install', ...QUICKLY, ...packed.map((file) => join(ROOT, file)));
  }

  /** Takes over what another app of the same dependencies has installed. */
  async shareInstallation({ folder }: FreshApp): Promise<void> {
    await symlink(join(folder, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** @throws {Error} with what was printed, when it fails */
  async npm(...args: string[]): Promise<string> {
    try {
      const { stdout, stderr } = await run('npm', args, { cwd: this.folder, env: this.#environment() });
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`npm ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Starts what `npm run build` has built, and waits until it serves. */
  async start(environment: Readonly<Record<string, string>>): Promise<RunningApp> {
    const rpcPort = await freePort();
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], PORT: '0', RPC_PORT: String(rpcPort), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    const url = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          printed += String(chunk);
          const [, address] = /listening on (http:\S+)/.exec(printed) ?? [];
          if (address !== undefined) resolve(address);
        });
      }
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${printed}`)));
    });
    return {
      url,
      rpcPort,
      output: () => printed,
      stop: async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const relative = /(from '\.\.?\/[^']+)\.js'/g;
    writeFileSync(
      file,
      path.endsWith('.ts') ? text.replace(relative, `$1${this.#starter.extension}'`) : text,
    );
  }

  /** As a shell has it: proxies and certificates of the machine, but nothing of the Jest that runs this. */
  #environment(): NodeJS.ProcessEnv {
    const {
      NODE_ENV: _env,
      FORCE_COLOR: _color,
      NODE_OPTIONS: _options,
      JEST_WORKER_ID: _id,
      ...own
    } = process.env;
    const isNpms = (name: string) => /^npm_/i.test(name) && !/registry/i.test(name);
    const shell = Object.fromEntries(Object.entries(own).filter(([name]) => !isNpms(name)));
    return { ...shell, CI: 'true', NO_COLOR: '1', ...this.#starter.testEnvironment };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
