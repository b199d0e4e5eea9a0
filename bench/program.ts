import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Setup } from './protocol.ts';

const BUILT = join(import.meta.dirname, '../dist/bench/server.js');

/** A benchmarked program, running in a process of its own. */
export class Program<Result = number> {
  readonly result: Result;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, result: Result) {
    this.#child = child;
    this.result = result;
  }

  /** Starts the program and waits for its result: the port of a server, the figures of a measurement. */
  static async start<Result = number>(name: string, setup: Setup): Promise<Program<Result>> {
    const child = spawn(process.execPath, ['--expose-gc', BUILT], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send({ start: name, setup });
    const [message] = (await once(child, 'message')) as [{ result: Result }];
    return new Program(child, message.result);
  }

  /** Microseconds of CPU that the process has used so far. */
  async cpu(): Promise<number> {
    this.#child.send({});
    const [usage] = (await once(this.#child, 'message')) as [NodeJS.CpuUsage];
    return usage.user + usage.system;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
