import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Setup } from './protocol.ts';

const BUILT = join(import.meta.dirname, '../dist/bench/server.js');

/** A benchmarked program, running in a process of its own. */
export class Program<Result = number> {
  readonly result: Result;
  readonly ask: <Answer>(order: Order) => Promise<Answer>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ask: <Answer>(order: Order) => Promise<Answer>, result: Result) {
    this.#child = child;
    this.ask = ask;
    this.result = result;
  }

  /** Starts the program and waits for its result: the port of a server, the figures of a measurement. */
  static async start<Result = number>(name: string, setup: Setup): Promise<Program<Result>> {
    const child = spawn(process.execPath, ['--expose-gc', BUILT], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = new AbortController();
    child.once('exit', (code) => ended.abort(new Error(`${name} ended with ${code}`)));
    const ask = async <Answer>(order: Order): Promise<Answer> => {
      child.send(order);
      // Without the signal an answer of a program that has crashed would be waited for in vain.
      const [message] = (await once(child, 'message', { signal: ended.signal })) as [{ result: Answer }];
      return message.result;
    };
    return new Program(child, ask, await ask<Result>({ start: name, setup }));
  }

  /** Microseconds of CPU that the process has used so far. */
  async cpu(): Promise<number> {
    const { user, system } = await this.ask<NodeJS.CpuUsage>({ ask: 'cpu' });
    return user + system;
  }

  /** Where the process's time goes while something is done to it: microseconds for each part of the program. */
  async profile(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    await this.ask({ ask: 'start profile' });
    await work();
    return await this.ask({ ask: 'profile' });
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
