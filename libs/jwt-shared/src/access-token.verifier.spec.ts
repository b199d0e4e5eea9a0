import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeIssuer, signCompact, TestClock } from './testing/index.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import type { VerifierOptions } from './token/verifier-options.js';

const TOLERANCE = 5;
const refused = (reason: string, detail = 'Invalid token') => ({ name: 'TokenRejected', reason, detail });

describe('a verifier of rfc9068 tokens', () => {
  let issuer: FakeIssuer;
  let verifier: AccessTokenVerifier;
  let now: number;
  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    now = issuer.clock.now() / 1000;
    verifier = new AccessTokenVerifier(
      issuer.verifierOptions(),
      issuer.keySource(),
      issuer.revocations,
      issuer.clock,
    );
  });
  afterAll(() => issuer.stop());

  it('reads what a good token says', async () => {
    const claims = {
      ...issuer.claims(),
      scope: 'tasks:read  tasks:write',
      roles: ['admin'],
      aud: ['x', 'signet'],
    };
    const { sub, sid, jti, iat, exp } = claims as unknown as Record<string, unknown>;
    const token = await verifier.verify(issuer.token(claims));
    expect(token).toMatchObject({
      userId: sub,
      sessionId: sid,
      tokenId: jti,
      clientId: 'first-party',
      issuedAt: iat,
    });
    expect(token).toMatchObject({ expiresAt: exp, scopes: ['tasks:read', 'tasks:write'], roles: ['admin'] });
    expect(token.claims).toEqual(claims);
  });

  it('gives nothing that a handler could alter for the next request', async () => {
    const token = await verifier.verify(issuer.token({ roles: ['user'], scope: 'a', cnf: { jkt: ['x'] } }));
    for (const part of [
      token,
      token.scopes,
      token.roles,
      token.claims,
      token.claims['cnf'],
      token.claims['roles'],
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => Object.assign(token, { userId: 'admin' })).toThrow(TypeError);
    expect(() => (token.roles as string[]).push('admin')).toThrow(TypeError);
  });

  describe('tells who calls:', () => {
    it('a user', async () => {
      const token = await verifier.verify(
        issuer.token({ sub: 'ada', sid: 's', roles: ['user'], auth_time: 7 }),
      );
      expect(token.principal).toEqual({
        kind: 'user',
        userId: 'ada',
        sessionId: 's',
        actor: undefined,
        authenticatedAt: 7,
        scopes: [],
        roles: ['user'],
        token,
      });
      expect(Object.isFrozen(token.principal)).toBe(true);
    });

    it('a client that acts for a user, in a chain of four, each of them named', async () => {
      const act = { sub: 'a', act: { sub: 'b', iss: issuer.issuer, act: { sub: 'c', act: { sub: 'd' } } } };
      const { principal, actor } = await verifier.verify(issuer.token({ sub: 'ada', act }));
      const chain = {
        clientId: 'a',
        actor: { clientId: 'b', actor: { clientId: 'c', actor: { clientId: 'd' } } },
      };
      expect(principal).toMatchObject({ kind: 'user', userId: 'ada', actor: chain });
      for (let next = actor; next; next = next.actor) expect(Object.isFrozen(next)).toBe(true);
    });

    it('a client', async () => {
      const token = await verifier.verify(issuer.clientToken('reports', { scope: 'tasks:read' }));
      expect(token.principal).toEqual({
        kind: 'client',
        clientId: 'reports',
        scopes: ['tasks:read'],
        roles: [],
        token,
      });
    });

    it('a user whose session belongs to an application of the same name', async () => {
      const token = await verifier.verify(issuer.token({ sub: 'web', client_id: 'web' }));
      expect(token.principal).toMatchObject({ kind: 'user', userId: 'web' });
    });
  });

  describe('refuses in the header', () => {
    it.each([
      ['alg', undefined, 'algorithm'],
      ['alg', null, 'algorithm'],
      ['alg', '', 'algorithm'],
      ['alg', ['HS256'], 'algorithm'],
      ['alg', 'hs256', 'algorithm'],
      ['alg', 'HS256 ', 'algorithm'],
      ['alg', 'HS512', 'algorithm'],
      ['alg', 'RS256', 'algorithm'],
      ['alg', 'ES256', 'algorithm'],
      ['crit', ['exp'], 'header'],
      ['crit', [], 'header'],
      ['crit', null, 'header'],
      ['b64', true, 'header'],
      ['b64', false, 'header'],
      ['zip', 'DEF', 'header'],
      ['enc', 'A256GCM', 'header'],
      ['jwk', {}, 'header'],
      ['jku', 'https://evil.example/jwks.json', 'header'],
      ['x5u', 'https://evil.example/cert', 'header'],
      ['x5c', ['MII'], 'header'],
      ['kid', 1, 'header'],
      ['kid', null, 'header'],
      ['kid', '', 'header'],
      ['kid', ['a'], 'header'],
      ['kid', 'k'.repeat(129), 'header'],
      ['typ', undefined, 'type'],
      ['typ', null, 'type'],
      ['typ', 'JWT', 'type'],
      ['typ', 'at+jwt ', 'type'],
      ['typ', 'application/application/at+jwt', 'type'],
      ['typ', ['at+jwt'], 'type'],
      ['typ', 'logout+jwt', 'type'],
    ])('%s: %j', async (member, value, reason) => {
      await expect(verifier.verify(issuer.token({}, { [member]: value }))).rejects.toMatchObject(
        refused(reason),
      );
    });
  });

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
    'takes the type %s',
    async (typ) => {
      await expect(verifier.verify(issuer.token({ sub: 'a' }, { typ }))).resolves.toMatchObject({
        userId: 'a',
      });
    },
  );

  it.each(['k', 'k'.repeat(128), "../../etc/passwd' OR 1=1"])(
    'does not care for a kid in HS256: %s',
    async (kid) => {
      await expect(verifier.verify(issuer.token({ sub: 'a' }, { kid }))).resolves.toMatchObject({
        userId: 'a',
      });
    },
  );

  describe('refuses in the claims', () => {
    it.each([
      ...['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'sid', 'client_id'].map((name) => [
        name,
        undefined,
        'claims',
      ]),
      ...['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'sid', 'client_id', 'nbf', 'scope', 'roles'].flatMap(
        (name) => [null, true, {}, [[]], [1]].map((value) => [name, value, 'claims']),
      ),
      ...['sub', 'iss', 'jti', 'sid', 'client_id'].flatMap((name) =>
        [1, '', ['a'], '\ud800'].map((value) => [name, value, 'claims']),
      ),
      ['sub', 'u'.repeat(256), 'claims'],
      ...['exp', 'iat', 'nbf'].flatMap((name) =>
        ['1893456000', -1, '', [1893456000]].map((value) => [name, value, 'claims']),
      ),
      ['exp', 1e300, 'lifetime'],
      ['aud', 1, 'claims'],
      ['aud', ['signet', 1], 'claims'],
      ['aud', ['signet', null], 'claims'],
      ['aud', [], 'audience'],
      ['aud', '', 'audience'],
      ['aud', 'Signet', 'audience'],
      ['aud', 'signet ', 'audience'],
      ['aud', 'signet2', 'audience'],
      ['aud', 'sign', 'audience'],
      ['aud', 'signet other', 'audience'],
      ['aud', ['other', 'signet2'], 'audience'],
      ['iss', 'http://localhost:3000/', 'issuer'],
      ['iss', 'http://localhost:300', 'issuer'],
      ['iss', 'http://localhost:30000', 'issuer'],
      ['iss', 'HTTP://localhost:3000', 'issuer'],
      ['iss', ' http://localhost:3000', 'issuer'],
      ['iss', ['http://localhost:3000'], 'claims'],
      ['scope', ['tasks:read'], 'claims'],
      ['roles', 'admin', 'claims'],
    ] as [string, unknown, string][])('%s: %j', async (name, value, reason) => {
      await expect(verifier.verify(issuer.token({ [name]: value }))).rejects.toMatchObject(refused(reason));
    });

    const act = (...ids: unknown[]) =>
      ids.reduceRight<unknown>((inner, sub) => ({ sub, act: inner }), undefined);
    it.each([
      [null],
      ['reports'],
      [['reports']],
      [{}],
      [{ sub: '' }],
      [{ sub: 1 }],
      [{ sub: '\ud800' }],
      [{ sub: 'x'.repeat(256) }],
      [{ sub: 'reports', act: null }],
      [{ sub: 'reports', act: [] }],
      [{ sub: 'reports', iss: 'http://evil.example' }],
      [act('a', 'b', 'c', 'd', 'e')],
      [act('a', 'b', 'c', '')],
    ])('act: %j', async (value) => {
      await expect(verifier.verify(issuer.token({ act: value }))).rejects.toMatchObject(refused('claims'));
    });

    it.each([
      ['a token without a session that is no client', { sub: 'a-user', sid: undefined }],
      ['one of a client for another client', { sub: 'reports', client_id: 'billing', sid: undefined }],
      [
        'one of a client that acts for itself',
        { sub: 'reports', client_id: 'reports', sid: undefined, act: act('billing') },
      ],
    ])('%s: it would pass for a user that no logout ends', async (_, claims) => {
      await expect(verifier.verify(issuer.token(claims))).rejects.toMatchObject(refused('claims'));
    });

    it.each([['1893456000'], [null], [-1]])('auth_time: %j', async (value) => {
      await expect(verifier.verify(issuer.token({ auth_time: value }))).rejects.toMatchObject(
        refused('claims'),
      );
    });

    it.each([
      ['1e400', '{"exp":1e400}'],
      ['-1e400', '{"exp":-1e400}'],
    ])('an exp of %s, which JSON.parse makes infinite', async (_, text) => {
      const claims = { ...issuer.claims(), exp: 0 };
      const payload = JSON.stringify(claims).replace('"exp":0', text.slice(1, -1));
      const token = signCompact(issuer.key, issuer.header(), payload);
      await expect(verifier.verify(token)).rejects.toMatchObject(refused('claims'));
    });
  });

  it('takes a subject of 255 characters', async () => {
    await expect(verifier.verify(issuer.token({ sub: 'u'.repeat(255) }))).resolves.toBeDefined();
  });

  describe('at one second either side of each edge', () => {
    const good = { good: true };
    it.each([
      ['expired', (t: number) => ({ iat: t - 100, exp: t - TOLERANCE + 1 }), good],
      ['expired', (t: number) => ({ iat: t - 100, exp: t - TOLERANCE }), refused('expired', 'Token expired')],
      [
        'expired',
        (t: number) => ({ iat: t - 100, exp: t - TOLERANCE - 1 }),
        refused('expired', 'Token expired'),
      ],
      ['issued in the future', (t: number) => ({ iat: t + TOLERANCE, exp: t + 100 }), good],
      [
        'issued in the future',
        (t: number) => ({ iat: t + TOLERANCE + 1, exp: t + 100 }),
        refused('not_yet_valid'),
      ],
      ['not valid before', (t: number) => ({ nbf: t + TOLERANCE }), good],
      ['not valid before', (t: number) => ({ nbf: t + TOLERANCE + 1 }), refused('not_yet_valid')],
      ['living too long', (t: number) => ({ iat: t, exp: t + 3600 }), good],
      ['living too long', (t: number) => ({ iat: t, exp: t + 3601 }), refused('lifetime')],
      ['not living at all', (t: number) => ({ iat: t, exp: t + 1 }), good],
      ['not living at all', (t: number) => ({ iat: t, exp: t }), refused('lifetime')],
      ['expiring before it was issued', (t: number) => ({ iat: t + 3, exp: t + 2 }), refused('lifetime')],
    ])('%s: case %#', async (_, claims, expected) => {
      const outcome = verifier.verify(issuer.token(claims(now))).then(() => good);
      await (expected === good
        ? expect(outcome).resolves.toBe(good)
        : expect(outcome).rejects.toMatchObject(expected));
    });
  });

  it('says "expired" only of a token whose signature is right', async () => {
    const [header, payload] = issuer.expiredToken().split('.');
    const forged = `${header}.${payload}.${issuer.token().split('.')[2]}`;
    await expect(verifier.verify(forged)).rejects.toMatchObject(refused('signature'));
  });

  it('refuses a revoked session and a revoked user, and lets others in', async () => {
    issuer.revokeUser('mallory');
    await expect(verifier.verify(issuer.revokedToken())).rejects.toMatchObject(refused('revoked'));
    await expect(verifier.verify(issuer.token({ sub: 'mallory' }))).rejects.toMatchObject(refused('revoked'));
    await expect(verifier.verify(issuer.token({ sub: 'alice' }))).resolves.toMatchObject({ userId: 'alice' });
  });

  it('takes a token for any of its audiences', async () => {
    const options = { ...issuer.verifierOptions(), audiences: ['tasks', 'dashboard'] };
    const other = new AccessTokenVerifier(options, issuer.keySource(), issuer.revocations, issuer.clock);
    await expect(other.verify(issuer.token({ aud: ['x', 'dashboard'] }))).resolves.toBeDefined();
    await expect(other.verify(issuer.token({ aud: 'tasks,dashboard' }))).rejects.toMatchObject(
      refused('audience'),
    );
  });

  it.each<Partial<VerifierOptions>>([
    { clockTolerance: Number.NaN },
    { clockTolerance: -1 },
    { clockTolerance: 61 },
    { maxLifetime: Number.NaN },
    { maxLifetime: Infinity },
    { maxLifetime: 0 },
    { issuer: '' },
    { audiences: [] },
    { audiences: [''] },
    { profile: 'bare', algorithm: 'ES256' },
    { profile: 'none' as 'bare' },
  ])('cannot be made with options that leave a check open: %j', (options) => {
    const make = () =>
      new AccessTokenVerifier(
        { ...issuer.verifierOptions(), ...options },
        issuer.keySource(),
        issuer.revocations,
      );
    expect(make).toThrow(TypeError);
  });
});

describe('a verifier of bare tokens', () => {
  let issuer: FakeIssuer;
  let verifier: AccessTokenVerifier;
  let strict: AccessTokenVerifier;
  beforeAll(async () => {
    issuer = await FakeIssuer.start({ profile: 'bare' });
    const options = issuer.verifierOptions();
    verifier = new AccessTokenVerifier(options, issuer.keySource(), issuer.revocations, issuer.clock);
    strict = new AccessTokenVerifier(
      { ...options, profile: 'rfc9068' },
      issuer.keySource(),
      issuer.revocations,
      issuer.clock,
    );
  });
  afterAll(() => issuer.stop());

  it('takes sub, iat and exp alone, with typ JWT as PyJWT writes it or without', async () => {
    for (const typ of ['JWT', 'jwt', undefined]) {
      await expect(verifier.verify(issuer.token({ sub: '42' }, { typ }))).resolves.toMatchObject({
        userId: '42',
      });
    }
  });

  it.each(['sub', 'iat', 'exp'])('refuses a token without %s', async (name) => {
    await expect(verifier.verify(issuer.token({ [name]: undefined }))).rejects.toMatchObject(
      refused('claims'),
    );
  });

  it('refuses an access token of RFC 9068: each profile takes its own alone', async () => {
    await expect(verifier.verify(issuer.token({}, { typ: 'at+jwt' }))).rejects.toMatchObject(refused('type'));
  });

  it.each([
    ['iss', 'http://evil.example', 'issuer'],
    ['aud', 'another-service', 'audience'],
    ['aud', [], 'audience'],
    ['jti', 7, 'claims'],
    ['sid', '', 'claims'],
    ['nbf', 4e9, 'not_yet_valid'],
  ])('never overlooks a claim that is there, though it need not be: %s %j', async (name, value, reason) => {
    await expect(verifier.verify(issuer.token({ [name]: value }))).rejects.toMatchObject(refused(reason));
  });

  it('takes iss and aud that are right', async () => {
    const token = issuer.token({ iss: issuer.issuer, aud: issuer.audience });
    await expect(verifier.verify(token)).resolves.toBeDefined();
  });

  it('leaves bare tokens refused where the profile is rfc9068, whatever their typ', async () => {
    for (const typ of ['JWT', undefined]) {
      await expect(strict.verify(issuer.token({}, { typ }))).rejects.toMatchObject(refused('type'));
    }
    await expect(strict.verify(issuer.token({}, { typ: 'at+jwt' }))).rejects.toMatchObject(refused('claims'));
  });
});

describe('while the clock moves', () => {
  let issuer: FakeIssuer;
  const clock = new TestClock();
  beforeEach(async () => {
    issuer = await FakeIssuer.start({ clock });
  });

  it('a token is good until its end, and not after', async () => {
    const verifier = new AccessTokenVerifier(
      issuer.verifierOptions(),
      issuer.keySource(),
      issuer.revocations,
      clock,
    );
    const token = issuer.token();
    clock.advance(300 + TOLERANCE - 1);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    clock.advance(1);
    await expect(verifier.verify(token)).rejects.toMatchObject(refused('expired', 'Token expired'));
    await issuer.stop();
  });
});
