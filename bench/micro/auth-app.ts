import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../../apps/auth/src/app.module.js';

/** All of auth in this process, without a listening socket: some of it prepares the server that it stands in. */
export async function startAuth(
  environment: Readonly<Record<string, string>>,
): Promise<INestApplicationContext> {
  Object.assign(process.env, environment);
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), {
    logger: ['error'],
    bodyParser: false,
  });
  return app.init();
}
