import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Fresh } from '../decorators/fresh.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { Scopes } from '../decorators/scopes.decorator.js';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { FakeIssuer } from '../testing/index.js';
import { TokenMetrics } from './token-metrics.js';

@Controller()
class Routes {
  @Get('plain')
  plain() {}
  @Scopes('admin')
  @Get('scoped')
  scoped() {}
  @Fresh()
  @Get('fresh')
  fresh() {}
  @Public()
  @Get('open')
  open() {}
}

/** What an application's metrics library would show. */
class Sink {
  readonly gauges = new Map<string, () => number>();
  private readonly families = new Map<string, () => Readonly<Record<string, number>>>();

  gauge(name: string, _help: string, read: () => number): void {
    this.gauges.set(name, read);
  }
  counters(name: string, _help: string, _label: string, read: () => Readonly<Record<string, number>>): void {
    this.families.set(name, read);
  }
  /** Those that are not 0. */
  counted(name: string): Record<string, number> {
    return Object.fromEntries(Object.entries(this.families.get(name)?.() ?? {}).filter(([, count]) => count));
  }
}

describe('metrics of tokens', () => {
  let issuer: FakeIssuer;
  let app: NestFastifyApplication;
  let sink: Sink;
  afterEach(() => stop());

  async function stop(): Promise<void> {
    await app.close();
    await issuer.stop();
  }

  /** @param age seconds since the service was told of every revocation */
  async function start(algorithm: 'HS256' | 'ES256', age = 0): Promise<void> {
    issuer = await FakeIssuer.start({ algorithm });
    const revocations = Object.assign(issuer.revocations, { age: () => age });
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options({ revocations }) })],
      controllers: [Routes],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
    sink = new Sink();
    app.get(TokenMetrics).showIn(sink);
  }

  const get = (path: string, token?: string) =>
    app.inject({ url: path, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

  describe('with a shared secret', () => {
    beforeEach(() => start('HS256'));

    it('count every call that needs a token once, by what came of it', async () => {
      const token = issuer.token();
      await get('/open');
      await get('/plain');
      await get('/plain', token);
      await get('/plain', token);
      await get('/scoped', token);
      await get('/plain', 'junk');
      await get('/plain', issuer.token({ aud: 'somebody-else' }));
      expect(sink.counted('token_checks_total')).toEqual({
        missing: 1,
        accepted: 2,
        insufficient_scope: 1,
        malformed: 1,
        audience: 1,
      });
      expect(sink.counted('token_cache_lookups_total')).toEqual({ hit: 2, miss: 3 });
      expect(sink.gauges.get('token_cache_entries')?.()).toBe(1);
    });

    it('count a token that is revoked after it was cached as revoked, and found in the cache', async () => {
      const token = issuer.token({ sid: 'session' });
      await get('/plain', token);
      issuer.revokeSession('session');
      await get('/plain', token);
      expect(sink.counted('token_checks_total')).toEqual({ accepted: 1, revoked: 1 });
      expect(sink.counted('token_cache_lookups_total')).toEqual({ miss: 1, hit: 1 });
    });

    it('count calls of routes that want to know what is revoked right now, and cannot', async () => {
      await stop();
      await start('HS256', 60);
      await get('/fresh', issuer.token());
      expect(sink.counted('token_checks_total')).toEqual({ revocations_stale: 1 });
    });

    it('know of no age of keys that are never fetched', () => {
      expect([...sink.gauges.keys()]).toEqual(['token_cache_entries', 'token_cache_bytes']);
    });
  });

  describe('with a JWK set', () => {
    beforeEach(() => start('ES256'));

    it('tell when the set was fetched', async () => {
      await get('/plain', issuer.token());
      issuer.clock.advance(60);
      expect(sink.gauges.get('jwks_age_seconds')?.()).toBe(60);
      expect(sink.counted('token_checks_total')).toEqual({ accepted: 1 });
    });

    it('count calls that no key was there for', async () => {
      await get('/plain', issuer.token());
      issuer.jwks.outage = true;
      issuer.clock.advance(4000);
      await get('/plain', issuer.token());
      expect(sink.counted('token_checks_total')).toEqual({ accepted: 1, keys_unavailable: 1 });
    });
  });
});
