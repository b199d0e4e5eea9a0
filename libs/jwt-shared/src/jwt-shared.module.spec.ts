import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { inspect } from 'node:util';
import { UserId } from './decorators/current-user.decorator.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import type { JwtSharedSettings } from './jwt-shared.settings.js';
import { OPERATIONS } from './metrics/operations.js';
import { FakeIssuer, FeedServer } from './testing/index.js';

@Controller()
class Routes {
  @Get('me')
  me(@UserId() userId: string) {
    return { userId };
  }
}

const KEY = 'k'.repeat(32);

describe('the module', () => {
  let issuer: FakeIssuer;
  let feed: FeedServer;
  let lines: string[];
  let logger: LoggerService;
  const apps: NestFastifyApplication[] = [];
  const environment = { ...process.env };
  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    feed = await FeedServer.start();
    lines = [];
    const note = (level: string) => (message: unknown) => void lines.push(`${level}: ${String(message)}`);
    logger = { log: note('log'), warn: note('warn'), error: note('error') };
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await feed.cut();
    await issuer.stop();
    process.env = { ...environment };
  });

  async function start(...imports: DynamicModule[]): Promise<NestFastifyApplication> {
    const module = await Test.createTestingModule({ imports, controllers: [Routes] })
      .setLogger(logger)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    apps.push(app);
    await app.init();
    return app;
  }
  const ask = async (app: NestFastifyApplication, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await app.inject({ url: '/me', headers })).statusCode;
  };
  const faultsOf = (starting: Promise<unknown>) =>
    starting.then(
      () => [],
      (error: Error) => error.message.split('\n'),
    );
  const settings = (overrides: Partial<JwtSharedSettings> = {}): JwtSharedSettings => ({
    issuer: issuer.issuer,
    audience: issuer.audience,
    secret: issuer.key.secret,
    revocations: { url: feed.url, key: KEY },
    ...overrides,
  });
  const endSession = (id: string) =>
    feed.send(FeedServer.event('revoked', { kind: 'session', id, until: 9e9, for: 300 }));
  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  describe('by the environment alone', () => {
    beforeEach(() => {
      Object.assign(process.env, issuer.environment(), {
        REVOCATION_FEED_URL: feed.url,
        REVOCATION_FEED_KEY: KEY,
      });
    });

    it('guards every route, and hears of what is revoked', async () => {
      const app = await start(JwtSharedModule.forRoot());
      const token = issuer.token({ sid: 'ends' });
      expect([await ask(app), await ask(app, 'junk'), await ask(app, token)]).toEqual([401, 401, 200]);
      expect(feed.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
      endSession('ends');
      await until(async () => (await ask(app, token)) === 401);
    });

    it('reads it when the application starts, not when the module is imported', async () => {
      delete process.env['JWT_SECRET'];
      const module = JwtSharedModule.forRoot();
      process.env['JWT_SECRET'] = issuer.key.secret;
      expect(await ask(await start(module), issuer.token())).toBe(200);
    });

    it('does not start with settings that are missing or wrong: one line for each, with its variable', async () => {
      Object.assign(process.env, { JWT_SECRET: 'short', JWT_ALGORITHM: 'HS256', JWT_CLOCK_TOLERANCE: 'x' });
      Object.assign(process.env, { REVOCATION_FEED_KEY: '', REVOCATION_FEED_URL: 'auth' });
      expect(await faultsOf(start(JwtSharedModule.forRoot()))).toEqual([
        'JWT_SECRET must be at least 32 bytes long',
        'JWT_CLOCK_TOLERANCE must be a whole number of seconds from 0 to 60',
        'REVOCATION_FEED_KEY must be set to a random key of 32 to 255 printable characters without spaces',
        'REVOCATION_FEED_URL must be one or more http:// or https:// URLs, comma separated',
      ]);
    });

    it('has Nest print each fault once, and no stack', async () => {
      Object.assign(process.env, { JWT_SECRET: 'short', JWT_AUDIENCE: ',' });
      const printed = await start(JwtSharedModule.forRoot()).catch((error: unknown) => inspect(error));
      expect(printed).toBe(
        '[JwtSettingsError: JWT_SECRET must be at least 32 bytes long\n' +
          'JWT_AUDIENCE must be one or more names, comma separated]',
      );
    });

    it('says in one line what it trusts', async () => {
      await start(JwtSharedModule.forRoot());
      expect(lines).toContain(
        `log: Trusts issuer ${issuer.issuer}, audience signet, algorithm HS256, profile rfc9068; revocation on`,
      );
      expect(lines.join()).not.toContain(issuer.key.secret);
      expect(lines.filter((line) => !line.startsWith('log'))).toEqual([]);
    });
  });

  describe('told in code', () => {
    it('guards every route, and hears of what is revoked', async () => {
      const app = await start(JwtSharedModule.forRoot(settings()));
      const token = issuer.token({ sid: 'ends' });
      expect([await ask(app), await ask(app, token)]).toEqual([401, 200]);
      endSession('ends');
      await until(async () => (await ask(app, token)) === 401);
    });

    it('goes without revocations only when that is said out loud', async () => {
      const app = await start(JwtSharedModule.forRoot(settings({ revocations: false })));
      expect(await ask(app, issuer.token())).toBe(200);
      expect(lines.join('\n')).toContain('; revocation off: tokens are good until they expire');
      const { revocations: _, ...silent } = settings();
      expect(await faultsOf(start(JwtSharedModule.forRoot(silent as JwtSharedSettings)))).toEqual([
        'revocations must be { url, key } of the feed of auth, or false: tokens are then good until they expire',
      ]);
      const async = JwtSharedModule.forRootAsync({
        useFactory: () => ({ ...issuer.options(), revocations: undefined as unknown as false }),
      });
      expect(await faultsOf(start(async))).toEqual([expect.stringMatching(/^revocations must be/)]);
    });

    it.each<[string, object, string]>([
      [
        'no issuer',
        { issuer: '' },
        'issuer must be the issuer exactly as tokens name it, such as https://auth.example.com',
      ],
      [
        'no audience',
        { audience: [] },
        'audience must be the name of this service in `aud`, or a list of names',
      ],
      ['a weak secret', { secret: 'short' }, 'secret must be at least 32 bytes long'],
      [
        'an unknown profile',
        { profile: 'any' },
        'profile must be rfc9068, oidc with public keys, or bare with the algorithm HS256 only',
      ],
      [
        'no algorithm of ours',
        { algorithms: ['none'], secret: undefined },
        'algorithms must be a list of some of HS256, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, HS256 only alone',
      ],
      [
        'a secret that is for nothing',
        { algorithms: ['ES256'] },
        'secret must not be set but for the algorithm HS256',
      ],
      ['a key set that is nowhere', { jwksUri: 'keys.json' }, 'jwksUri must be an http:// or https:// URL'],
      ['a misspelt option', { algorithm: 'ES256' }, 'algorithm is not an option of JwtSharedModule'],
      [
        'a feed without a key',
        { revocations: { url: 'http://auth/revocations' } },
        'revocations is wrong: key must be set to a random key of 32 to 255 printable characters without spaces',
      ],
      [
        'a boundless tolerance',
        { clockTolerance: Number.NaN },
        'clockTolerance must be a whole number of seconds from 0 to 60',
      ],
    ])('does not start with %s', async (_, wrong, fault) => {
      expect(await faultsOf(start(JwtSharedModule.forRoot(settings(wrong))))).toEqual([fault]);
    });

    it('fetches keys the way that it is told', async () => {
      const signer = await FakeIssuer.start({ algorithm: 'ES256' });
      const asked: string[] = [];
      const app = await start(
        JwtSharedModule.forRoot({
          issuer: signer.issuer,
          audience: signer.audience,
          revocations: false,
          fetch: (url, init) => {
            asked.push(url as string);
            return fetch(signer.jwks.url, init);
          },
        }),
      );
      expect(await ask(app, signer.token())).toBe(200);
      expect(new Set(asked)).toEqual(new Set([`${signer.issuer}/.well-known/jwks.json`]));
      await signer.stop();
    });

    it('takes the same from a factory', async () => {
      const app = await start(JwtSharedModule.forRootAsync({ useFactory: async () => settings() }));
      expect([await ask(app), await ask(app, issuer.token())]).toEqual([401, 200]);
      const wrong = JwtSharedModule.forRootAsync({ useFactory: () => settings({ audience: '' }) });
      expect(await faultsOf(start(wrong))).toHaveLength(1);
    });
  });

  describe('registers', () => {
    it('a guard of the application in the place of its own', async () => {
      @Injectable()
      class Nobody extends JwtAuthGuard {
        override canActivate(): boolean {
          return false;
        }
      }
      const app = await start(JwtSharedModule.forRoot(settings(), { guard: Nobody }));
      expect(await ask(app, issuer.token())).toBe(403);
    });

    it('none where the application does so by itself', async () => {
      const app = await start(JwtSharedModule.forRoot(settings(), { guard: false }));
      expect(await ask(app)).toBe(500);
    });
  });

  describe('at a start while auth is away', () => {
    beforeEach(() => {
      feed.answer = () => {};
    });

    it('waits to be told what is revoked before it takes a request', async () => {
      let hasStarted = false;
      const starting = start(JwtSharedModule.forRoot(settings())).then((app) => {
        hasStarted = true;
        return app;
      });
      await until(() => feed.requests.length === 1);
      expect(hasStarted).toBe(false);
      const token = issuer.token({ sid: 'ended-before' });
      feed.send(FeedServer.event('snapshot', { kind: 'session', id: 'ended-before', until: 9e9, for: 300 }));
      expect(await ask(await starting, token)).toBe(401);
    });

    it('starts all the same after a while, and says what that means', async () => {
      const app = await start(
        JwtSharedModule.forRoot(settings({ revocations: { url: feed.url, key: KEY, startWait: 1 } })),
      );
      expect(await ask(app, issuer.token())).toBe(200);
      expect(lines.join('\n')).toContain('warn: What is revoked is not known after 1 s');
    });

    it('takes no token at all until then where stale knowledge is to be rejected, and is not ready', async () => {
      const operations = new RecordedOperations();
      const app = await start(
        JwtSharedModule.forRoot(settings({ revocations: { url: feed.url, key: KEY, onStale: 'reject' } })),
        operationsModule(operations),
      );
      expect(await ask(app, issuer.token())).toBe(503);
      expect(operations.healthOf('revocations')).toMatchObject({ status: 'down', connected: false });
      await until(() => feed.requests.length > 0);
      feed.send(FeedServer.event('snapshot'));
      await until(async () => (await ask(app, issuer.token())) === 200);
      expect(operations.healthOf('revocations')).toMatchObject({ status: 'up', connected: true });
    });

    it('gives up waiting when it is stopped meanwhile', async () => {
      const module = await Test.createTestingModule({
        imports: [JwtSharedModule.forRoot(settings())],
        controllers: [Routes],
      })
        .setLogger(logger)
        .compile();
      const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
      const starting = app.init();
      await until(() => feed.requests.length === 1);
      await app.close();
      await starting;
      expect(lines.join()).not.toContain('What is revoked is not known');
    });
  });

  it('shows metrics and health where the application has a place for them', async () => {
    const operations = new RecordedOperations();
    feed.answer = (response) => response.writeHead(401).end();
    const away = settings({ revocations: { url: feed.url, key: KEY, startWait: 0 } });
    await start(JwtSharedModule.forRoot(away), operationsModule(operations));
    await until(() => operations.healthOf('revocations')['fault'] !== undefined);
    expect(operations.healthOf('revocations')).toEqual({
      status: 'up',
      connected: false,
      ageSeconds: null,
      fault: "Revocation feed disconnected (401): REVOCATION_FEED_KEY differs from auth's",
    });
    expect(operations.read('revocation_feed_connected')).toBe(0);
    expect(operations.read('revocation_feed_faults_total')).toMatchObject({ silent: 0 });
    expect(operations.read('token_checks_total')).toMatchObject({ accepted: 0 });
  });

  it('fetches the keys when one has been revoked, and not before', async () => {
    let fetched = 0;
    let revoked = (): void => undefined;
    await start(
      JwtSharedModule.forRootAsync({
        useFactory: () => ({
          verifier: issuer.verifierOptions(),
          keys: { find: () => [], isTrusted: () => false, refresh: async () => void fetched++ },
          revocations: { isRevoked: () => false, onKeyRevoked: (listener) => void (revoked = listener) },
        }),
      }),
    );
    expect(fetched).toBe(0);
    revoked();
    expect(fetched).toBe(1);
  });
});

/** What Signet's service kit offers to the libraries of an application. */
class RecordedOperations {
  private readonly shown = new Map<string, () => unknown>();
  gauge = (name: string, _help: string, read: () => unknown) => void this.shown.set(name, read);
  counters = (name: string, _help: string, _label: string, read: () => unknown) =>
    void this.shown.set(name, read);
  health = (name: string, read: () => unknown) => void this.shown.set(`health ${name}`, read);
  read(name: string): unknown {
    return this.shown.get(name)?.();
  }
  healthOf(name: string): Record<string, unknown> {
    return this.read(`health ${name}`) as Record<string, unknown>;
  }
}

function operationsModule(operations: RecordedOperations): DynamicModule {
  class OperationsModule {}
  Module({})(OperationsModule);
  const provider = { provide: OPERATIONS, useValue: operations };
  return { module: OperationsModule, global: true, providers: [provider], exports: [provider] };
}
