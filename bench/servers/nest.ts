import {
  JwtSharedModule,
  Public,
  RevocationList,
  SharedSecretSource,
  trustedKey,
  type KeySource,
} from '@signet/jwt-shared';
import { createService, JsonLogger, ServiceKitModule } from '@signet/service-kit';
import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createPublicKey } from 'node:crypto';
import { AUDIENCE, BODY, ISSUER, type Setup } from '../protocol.js';

@Controller()
class AppController {
  @Get('answer')
  answer(): typeof BODY {
    return BODY;
  }

  @Public()
  @Get('public')
  answerAnybody(): typeof BODY {
    return BODY;
  }
}

@Module({ controllers: [AppController] })
class AppModule {}

/** Nest on Fastify without a guard. */
export function startNest(): Promise<number> {
  return listen({ module: AppModule });
}

/** The same with our guard. */
export function startGuarded(setup: Setup): Promise<number> {
  return listen({ module: AppModule, imports: [jwtShared(setup)] });
}

/** The same with all that `runService` puts around a service: a line of log, metrics, security headers, request ids. */
export async function startWholeService(setup: Setup): Promise<number> {
  class ServiceModule {}
  Module({ imports: [AppModule, jwtShared(setup), ServiceKitModule] })(ServiceModule);
  const service = { name: 'bench', module: ServiceModule, description: 'Measured' };
  return portOf(await createService(service, new JsonLogger(service.name, 'info')));
}

function jwtShared(setup: Setup): DynamicModule {
  const { algorithm } = setup;
  const verifier = {
    algorithm,
    issuer: ISSUER,
    audiences: [AUDIENCE],
    profile: 'rfc9068',
    clockTolerance: 5,
  } as const;
  const options = { verifier, keys: keysOf(setup), revocations: revocationsOf(setup) };
  return JwtSharedModule.forRootAsync({ useFactory: () => options });
}

function keysOf({ algorithm, secret, publicKey }: Setup): KeySource {
  if (algorithm === 'HS256') return new SharedSecretSource(secret);
  const key = trustedKey(algorithm, createPublicKey(publicKey ?? ''), 'key');
  return { find: () => [key], isTrusted: (candidate) => candidate === key };
}

function revocationsOf({ revokedSession, otherRevocations = 0 }: Setup): RevocationList {
  const list = new RevocationList();
  const until = Math.floor(Date.now() / 1000) + 3600;
  const ids: string[] = Array.from({ length: otherRevocations }, () => crypto.randomUUID());
  if (revokedSession !== undefined) ids.push(revokedSession);
  list.add(ids.map((id) => ({ kind: 'session', id, until })));
  return list;
}

async function listen(module: DynamicModule): Promise<number> {
  return portOf(
    await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false }),
  );
}

async function portOf(app: NestFastifyApplication): Promise<number> {
  await app.listen(0, '127.0.0.1');
  return Number(new URL(await app.getUrl()).port);
}
