import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { JwtSharedModule } from '../jwt-shared.module.js';
import { FakeIssuer, signCompact, SigningKey } from '../testing/index.js';

@Controller()
class Routes {
  @Get('guarded')
  guarded() {}
}

describe('why a token was refused', () => {
  let issuer: FakeIssuer;
  let app: NestFastifyApplication;
  let lines: string[];
  const shown: string[] = [];
  beforeEach(async () => {
    issuer = await FakeIssuer.start();
    lines = [];
    const note = (level: string) => (message: unknown) => void lines.push(`${level}: ${String(message)}`);
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
      controllers: [Routes],
    })
      .setLogger({ log: () => {}, error: note('error'), warn: note('warn'), debug: note('debug') })
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
  });
  afterEach(async () => {
    for (const token of shown.splice(0)) {
      for (const part of token.split('.').filter(Boolean)) expect(lines.join()).not.toContain(part);
    }
    await app.close();
    await issuer.stop();
  });

  async function show(token: string): Promise<void> {
    shown.push(token);
    await app.inject({ url: '/guarded', headers: { authorization: `Bearer ${token}` } });
  }

  it.each<[string, (issuer: FakeIssuer) => string, string]>([
    ['issuer', (by) => by.token({ iss: 'http://evil.example' }), 'its iss is not http://localhost:3000'],
    ['audience', (by) => by.token({ aud: 'another' }), 'its aud does not hold signet'],
    ['algorithm', (by) => by.token({}, { alg: 'ES256' }), 'its alg is not HS256'],
    [
      'signature',
      (by) => signCompact(new SigningKey('HS256', 'x'), by.header(), by.claims()),
      'its signature is not right: the secret differs from that of the issuer, or it is forged',
    ],
    [
      'not_yet_valid',
      (by) => by.token({ iat: by.clock.now() / 1000 + 100, exp: by.clock.now() / 1000 + 200 }),
      'it is of the future: clocks differ by more than 5 s',
    ],
    [
      'expired',
      (by) => by.expiredToken(),
      'it has expired; if tokens do so right after they were issued, the clock here is ahead',
    ],
    ['type', (by) => by.token({}, { typ: 'JWT' }), 'its typ is not that of profile rfc9068'],
    ['malformed', () => 'secret-junk', 'it is no JWS in compact form, or longer than 4096 characters'],
    ['revoked', (by) => by.revokedToken(), 'it has been revoked'],
  ])('is told to operators: %s', async (reason, make, words) => {
    await show(make(issuer));
    expect(lines).toEqual([`warn: Token refused (${reason}): ${words}`]);
  });

  it('is a warning once a minute for each reason, and otherwise for those who debug', async () => {
    for (let i = 0; i < 3; i++) await show(issuer.token({ aud: 'another' }));
    await show(issuer.token({ iss: 'another' }));
    const levels = () => lines.map((line) => line.replace(/^(\w+): Token refused \((\w+)\).*/, '$1 $2'));
    expect(levels()).toEqual(['warn audience', 'debug audience', 'debug audience', 'warn issuer']);
    issuer.clock.advance(60);
    await show(issuer.token({ aud: 'another' }));
    expect(levels().at(-1)).toBe('warn audience');
  });

  it('is told of a token that was known and has been revoked since', async () => {
    const token = issuer.token({ sid: 'ends' });
    await show(token);
    issuer.revokeSession('ends');
    await show(token);
    expect(lines).toEqual(['warn: Token refused (revoked): it has been revoked']);
  });
});
