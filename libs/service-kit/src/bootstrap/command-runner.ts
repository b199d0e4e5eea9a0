import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pino from 'pino';
import { JsonLogger } from '../logging/index.js';
import { loadEnvFile } from './process.js';

/** Does the work of one command with a provider of the application, which is there for as long as that takes. */
export type RunCommand = <T>(provider: Type<T>, work: (provider: T) => Promise<void>) => Promise<void>;

/** Standard output holds what a command prints, and nothing else: warnings go to standard error. */
export function commandRunner(name: string, module: Type): RunCommand {
  return async (provider, work) => {
    loadEnvFile(name);
    const logger = new JsonLogger(name, 'warn', pino.destination(2));
    const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
    try {
      await work(app.get(provider, { strict: false }));
    } finally {
      await app.close();
    }
  };
}
