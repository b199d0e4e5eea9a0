import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { entryOf, whenReady, type App } from '../scripts/services.ts';

/** A built service in a process of its own, on a free port of this machine. */
export class Service {
  readonly url: string;
  readonly process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.process = child;
    this.url = url;
  }

  /** @param options of `node` */
  static async start(
    app: App,
    environment: Readonly<Record<string, string>>,
    options: readonly string[] = [],
  ): Promise<Service> {
    const env = {
      PATH: process.env['PATH'],
      PORT: '0',
      // The service says in its log where it is ready.
      LOG_LEVEL: 'info',
      RATE_LIMITS: 'off',
      SHUTDOWN_DELAY_SECONDS: '0',
      ...environment,
    };
    const child = spawn(process.execPath, [...options, entryOf(app)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    }) as ChildProcess & { readonly stdout: Readable };
    return new Service(child, await whenReady(child));
  }

  /** @returns the status */
  async get(path: string, token: string): Promise<number> {
    const response = await fetch(this.url + path, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    return response.status;
  }

  post(path: string, body?: object, token?: string): Promise<{ status: number; body: unknown }> {
    return this.send('POST', path, body, token);
  }

  async send(
    method: string,
    path: string,
    body?: object,
    token?: string,
  ): Promise<{ status: number; body: unknown }> {
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(this.url + path, {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  /** Waits until the service's metrics have a line. */
  async hasMetric(line: string): Promise<void> {
    for (;;) {
      const text = await (await fetch(`${this.url}/metrics`)).text();
      if (text.includes(`\n${line}\n`)) return;
      await delay(20);
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}
