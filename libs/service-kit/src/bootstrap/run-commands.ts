import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pino from 'pino';
import { JsonLogger } from '../logging/index.js';
import { giveUp, loadEnvFile, reasons, SIGNALS } from './process.js';
import { endWithParent, isOtherNode, runOnRightNode } from './right-node.js';

/** Does the work of one command with a provider of the application, which is there for as long as that takes. */
export type RunCommand = <T>(provider: Type<T>, work: (provider: T) => Promise<void>) => Promise<void>;

/** The command line of a service. */
export interface CommandLine {
  /** The service's name, whose `.env` is read. */
  readonly name: string;
  /** What commands are made of: no routes, no background work. */
  readonly module: Type;
  /** Understands the arguments. @returns the exit code */
  readonly run: (args: readonly string[], run: RunCommand) => Promise<number>;
}

/**
 * Runs the command that the process was started with, in the same environment as the service, and ends with its
 * exit code; with 1, and the reasons on standard error, if it fails. Standard output holds what the command
 * prints, and nothing else.
 */
export async function runCommands({ name, module, run }: CommandLine): Promise<void> {
  try {
    if (isOtherNode()) return runOnRightNode(process.argv[1] ?? '');
    endWithParent();
    for (const signal of SIGNALS) process.on(signal, giveUp);
    loadEnvFile(name);
    process.exitCode = await run(process.argv.slice(2), async (provider, work) => {
      const logger = new JsonLogger(name, 'warn', pino.destination(2));
      const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
      try {
        await work(app.get(provider, { strict: false }));
      } finally {
        await app.close();
      }
    });
  } catch (error) {
    process.stderr.write(
      reasons(error)
        .map((reason) => `${reason}\n`)
        .join(''),
    );
    process.exitCode = 1;
  } finally {
    process.channel?.unref();
  }
}
