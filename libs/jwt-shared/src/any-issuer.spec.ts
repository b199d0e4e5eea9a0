import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CurrentUser } from './decorators/current-user.decorator.js';
import type { AccessToken, ClientPrincipal } from './access-token.js';
import { AllowClients } from './decorators/allow-clients.decorator.js';
import { Principal } from './decorators/principal.decorator.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import type { JwtSharedSettings } from './jwt-shared.settings.js';
import type { TokenAlgorithm } from './jose/algorithm.js';
import { SigningKey, signCompact } from './testing/index.js';

@Controller()
class Routes {
  @Get('me')
  me(@CurrentUser() { userId, clientId, roles, scopes, principal }: AccessToken) {
    return { userId, clientId, roles, scopes, kind: principal.kind };
  }

  @AllowClients('m2m')
  @Get('jobs')
  jobs(@Principal() { kind }: ClientPrincipal) {
    return { kind };
  }
}

const now = () => Math.floor(Date.now() / 1000);

/** An issuer that is not ours: metadata, a JWK set with keys for other purposes too, and tokens. */
class Provider {
  readonly key: SigningKey;
  readonly requests: string[] = [];
  metadata: Record<string, unknown> = {};
  /** While set, answers in the place of a path. */
  readonly answers: Record<string, RequestListener> = {};
  jwks: Record<string, unknown>[];
  readonly #server: Server;

  private constructor(
    readonly path: string,
    readonly wellKnown: (path: string) => string,
    algorithm: TokenAlgorithm,
  ) {
    this.key = new SigningKey(algorithm, 'signing');
    this.jwks = [this.key.jwk];
    this.#server = createServer((request, response) => {
      this.requests.push(request.url!);
      const own = this.answers[request.url!];
      if (own !== undefined) return own(request, response);
      const answers: Record<string, unknown> = {
        [this.wellKnown(this.path)]: {
          issuer: this.issuer,
          jwks_uri: `${this.origin}/keys`,
          ...this.metadata,
        },
        '/keys': { keys: this.jwks },
      };
      const answer = answers[request.url!];
      response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
    });
  }

  static async start(
    path = '/realms/shop',
    wellKnown = (below: string) => `${below}/.well-known/openid-configuration`,
    algorithm: TokenAlgorithm = 'RS256',
  ): Promise<Provider> {
    const provider = new Provider(path, wellKnown, algorithm);
    provider.#server.listen(0, '127.0.0.1');
    await once(provider.#server, 'listening');
    return provider;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return this.origin + this.path;
  }

  token(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = this.key): string {
    const base = { iss: this.issuer, aud: 'orders', sub: 'ada', iat: now(), exp: now() + 300 };
    return signCompact(
      key,
      { alg: key.algorithm, typ: 'JWT', kid: key.kid, ...header },
      { ...base, ...claims },
    );
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

describe('a service that trusts an issuer which is not ours', () => {
  const ends: (() => Promise<unknown>)[] = [];
  const lines: string[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
    lines.length = 0;
  });

  async function provide(...options: Parameters<typeof Provider.start>): Promise<Provider> {
    const provider = await Provider.start(...options);
    ends.push(() => provider.stop());
    return provider;
  }
  async function trust(settings: JwtSharedSettings | JwtSharedSettings[]): Promise<NestFastifyApplication> {
    const imports = [JwtSharedModule.forRoot(settings)];
    const note = (line: unknown) => void lines.push(String(line));
    const module = await Test.createTestingModule({ imports, controllers: [Routes] })
      .setLogger({ log: note, warn: note, error: note })
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    ends.push(() => app.close());
    await app.init();
    return app;
  }
  const settings = ({ issuer }: Provider, more: Partial<JwtSharedSettings> = {}): JwtSharedSettings => ({
    issuer,
    audience: 'orders',
    profile: 'oidc',
    revocations: false,
    ...more,
  });
  const ask = async (app: NestFastifyApplication, token: string, url = '/me') => {
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
  };

  it('finds its keys by OpenID Connect Discovery', async () => {
    const provider = await provide();
    const app = await trust(settings(provider));
    expect(await ask(app, provider.token())).toMatchObject({
      status: 200,
      userId: 'ada',
      roles: [],
      scopes: [],
    });
    expect(provider.requests).toEqual(['/realms/shop/.well-known/openid-configuration', '/keys']);
    expect(lines.join()).toContain(
      `issuer ${provider.issuer}, audience orders, algorithm RS256, profile oidc`,
    );
  });

  it('finds its keys by RFC 8414', async () => {
    const provider = await provide('/tenant', (path) => `/.well-known/oauth-authorization-server${path}`);
    const app = await trust(settings(provider));
    expect((await ask(app, provider.token())).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['speaks of another issuer', { issuer: 'https://evil.example.com' }],
    ['has the issuer with a slash too many', { issuer: undefined }],
    ['names no JWK set', { jwks_uri: undefined }],
    ['names a JWK set that is no URL of the web', { jwks_uri: 'file:///etc/passwd' }],
  ])('believes no metadata that %s', async (_, metadata) => {
    const provider = await provide();
    provider.metadata =
      'issuer' in metadata && metadata['issuer'] === undefined ? { issuer: `${provider.issuer}/` } : metadata;
    const app = await trust(settings(provider));
    expect((await ask(app, provider.token())).status).toBe(503);
    expect(provider.requests).not.toContain('/keys');
  });

  it('takes its keys at https only from an issuer at https', async () => {
    const asked: string[] = [];
    const issuer = 'https://id.example.com';
    const fetch = (async (url: string) => {
      asked.push(url);
      return Response.json({ issuer, jwks_uri: 'http://id.example.com/keys' });
    }) as typeof globalThis.fetch;
    const app = await trust({ issuer, audience: 'orders', profile: 'oidc', revocations: false, fetch });
    const stranger = await provide();
    expect((await ask(app, stranger.token({ iss: issuer }))).status).toBe(503);
    expect(asked).not.toContain('http://id.example.com/keys');
  });

  it('asks by the fetch of its user alone', async () => {
    const provider = await provide();
    const asked: string[] = [];
    const fetch = (async (url: string, init: RequestInit) => {
      asked.push(new URL(url).pathname);
      return globalThis.fetch(url, init);
    }) as typeof globalThis.fetch;
    const app = await trust(settings(provider, { fetch }));
    expect((await ask(app, provider.token())).status).toBe(200);
    expect(asked).toEqual(provider.requests);
  });

  it('takes the key for signatures of a set that has others, and one whose alg is left out', async () => {
    const provider = await provide();
    const [other, encryption] = [new SigningKey('ES256', 'other'), new SigningKey('RS256', 'encryption')];
    const { alg: _, ...unnamed } = provider.key.jwk;
    provider.jwks = [
      other.jwk,
      { ...encryption.jwk, use: 'enc', alg: 'RSA-OAEP' },
      { ...unnamed, x5t: 'abc', x5c: ['MII'] },
    ];
    const app = await trust(settings(provider));
    expect((await ask(app, provider.token())).status).toBe(200);
    for (const key of [other, encryption])
      expect((await ask(app, provider.token({}, {}, key))).status).toBe(401);
    expect(lines.filter((line) => line.includes('a key is not used'))).toEqual([]);
  });

  it.each(['ES384', 'ES512', 'RS384', 'RS512', 'PS384', 'PS512'] as const)(
    'trusts an issuer that signs with %s where it is named (Logto: ES384)',
    async (algorithm) => {
      const provider = await provide('/oidc', undefined, algorithm);
      const app = await trust(settings(provider, { algorithms: [algorithm] }));
      const token = provider.token({}, { typ: 'at+jwt' });
      expect((await ask(app, token)).status).toBe(200);
      expect((await ask(await trust(settings(provider)), token)).status).toBe(401);
    },
  );

  it('accepts the algorithms that are named, and no other', async () => {
    const provider = await provide();
    const elliptic = new SigningKey('ES256', 'elliptic');
    const edwards = new SigningKey('EdDSA', 'edwards');
    provider.jwks = [provider.key.jwk, elliptic.jwk, edwards.jwk];
    const app = await trust(settings(provider, { algorithms: ['RS256', 'ES256'] }));
    expect((await ask(app, provider.token())).status).toBe(200);
    expect((await ask(app, provider.token({}, {}, elliptic))).status).toBe(200);
    expect((await ask(app, provider.token({}, {}, edwards))).status).toBe(401);
    // The public key as a shared secret, and a signature that there is none of.
    const pem = provider.key.publicKey.export({ type: 'spki', format: 'pem' });
    const confused = new SigningKey('HS256', 'signing', createSecretKey(Buffer.from(pem)));
    expect((await ask(app, provider.token({}, {}, confused))).status).toBe(401);
    expect((await ask(app, provider.token({}, { alg: 'none' }))).status).toBe(401);
    expect((await ask(app, provider.token({}, { alg: 'ES256' }))).status).toBe(401);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['another issuer', { iss: 'https://evil.example.com' }, {}],
    ['an issuer that differs by a slash', { iss: undefined }, {}],
    ['another audience', { aud: 'invoices' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['an end that is past', { iat: 1_700_000_000, exp: 1_700_000_300 }, {}],
    ['the marks of an ID token', { at_hash: 'abc' }, {}],
    ['the nonce of an ID token', { nonce: 'abc' }, {}],
    ['the marks of a logout token', { events: {} }, {}],
    ['a kind that is not Bearer, as Keycloak says it', { typ: 'Refresh' }, {}],
    ['the type of an ID token of its own', {}, { typ: 'id+jwt' }],
  ])('refuses a token with %s', async (_, claims, header) => {
    const provider = await provide();
    const app = await trust(settings(provider));
    const token = provider.token(
      'iss' in claims && claims['iss'] === undefined ? { iss: `${provider.issuer}/` } : claims,
      header,
    );
    expect((await ask(app, token)).status).toBe(401);
    expect((await ask(app, provider.token())).status).toBe(200);
  });

  // Claims in the shapes that these issuers document, signed by a key of the test: of their own tokens the public ones are
  // those of people, or come without their keys.
  describe('reads roles, scopes and clients where it keeps them:', () => {
    it.each<[string, Partial<JwtSharedSettings>, Record<string, unknown>, Record<string, unknown>]>([
      [
        'Keycloak',
        { claims: { roles: 'realm_access.roles' } },
        {
          typ: 'Bearer',
          azp: 'shop-web',
          sid: 'b5d1b9e0-8c2e-4bfb-a7c7-3d0b8c7a8f10',
          acr: '1',
          aud: ['orders', 'account'],
          scope: 'openid profile email',
          realm_access: { roles: ['offline_access', 'support'] },
          resource_access: { account: { roles: ['manage-account'] } },
          email_verified: true,
        },
        {
          clientId: 'shop-web',
          roles: ['offline_access', 'support'],
          scopes: ['openid', 'profile', 'email'],
          kind: 'user',
        },
      ],
      [
        'Auth0',
        { claims: { roles: 'https://shop.example.com/roles', scopes: 'permissions' } },
        {
          sub: 'auth0|65f0c0ffee',
          azp: 'kLmNoPq',
          scope: 'openid',
          permissions: ['orders:read', 'orders:write'],
          'https://shop.example.com/roles': ['support'],
        },
        {
          userId: 'auth0|65f0c0ffee',
          clientId: 'kLmNoPq',
          roles: ['support'],
          scopes: ['orders:read', 'orders:write'],
        },
      ],
      [
        'Zitadel',
        { claims: { roles: 'urn:zitadel:iam:org:project:roles' } },
        {
          client_id: '280230@shop',
          jti: 'V2_280',
          'urn:zitadel:iam:org:project:roles': {
            support: { '2802': 'shop.example.com' },
            clerk: { '2802': 'x' },
          },
        },
        { clientId: '280230@shop', roles: ['support', 'clerk'], scopes: [] },
      ],
      [
        'oidc-provider and Logto, a client for itself',
        {},
        { sub: 'm2m', client_id: 'm2m', scope: 'orders:read', jti: 'x' },
        { status: 403, code: 'USER_REQUIRED' },
      ],
      ...Object.entries({
        'Auth0, a client for itself': { sub: 'm2m@clients', azp: 'm2m' },
        'Auth0, by the kind of grant': { azp: 'm2m', gty: 'client-credentials' },
        'Keycloak 26, a service account': {
          typ: 'Bearer',
          azp: 'm2m',
          client_id: 'm2m',
          clientHost: '10.0.0.1',
          clientAddress: '10.0.0.1',
          preferred_username: 'service-account-m2m',
        },
        'Keycloak 22, a service account with a session': {
          azp: 'm2m',
          clientId: 'm2m',
          clientAddress: '10.0.0.1',
          sid: 's1',
        },
        'Keycloak, a service account without the scope profile': { azp: 'm2m', clientHost: '10.0.0.1' },
        'Okta, a client for itself': { sub: 'm2m', cid: 'm2m', scp: ['orders:read'] },
        'Entra ID, a client for itself': { azp: 'm2m', idtyp: 'app' },
        'a client for itself with a session': { sub: 'm2m', client_id: 'm2m', sid: 's1' },
      }).map(([name, claims]): [string, object, Record<string, unknown>, Record<string, unknown>] => [
        name,
        {},
        claims,
        { status: 403, code: 'USER_REQUIRED' },
      ]),
      [
        'Zitadel, a service user, as its service has said',
        { claims: { client: ({ sub }) => sub === '2802' } },
        { sub: '2802', client_id: 'm2m' },
        { status: 403, code: 'USER_REQUIRED' },
      ],
      [
        'a user beside such',
        { claims: { client: ({ sub }) => sub === '2802' } },
        { client_id: 'm2m' },
        { kind: 'user' },
      ],
      [
        'a claim that cannot be looked into',
        { claims: { client: ({ ext }) => (ext as { kind: string }).kind === 'app' } },
        {},
        { status: 401 },
      ],
      ['a client of which it is not known which', {}, { gty: 'client-credentials' }, { status: 401 }],
      [
        'a client that is named in two ways',
        {},
        { sub: 'm2m', client_id: 'reports', azp: 'm2m' },
        { status: 401 },
      ],
      [
        'a person at Keycloak who has taken the name of a service account',
        {},
        { azp: 'Shop', sid: 's1', preferred_username: 'service-account-shop' },
        { status: 401 },
      ],
      [
        'a way as a list',
        { claims: { roles: ['a.b', 'c'] } },
        { 'a.b': { c: ['support'] } },
        { roles: ['support'] },
      ],
      [
        'nothing there',
        { claims: { roles: 'realm_access.roles', scopes: 'scp' } },
        {},
        { roles: [], scopes: [] },
      ],
      ['roles of the wrong type', { claims: { roles: 'roles' } }, { roles: 'admin' }, { status: 401 }],
      [
        'roles whose members are no grants',
        { claims: { roles: 'roles' } },
        { roles: { admin: false } },
        { status: 401 },
      ],
      ['a way into what every object has', { claims: { roles: 'constructor.name' } }, {}, { roles: [] }],
    ])('%s', async (_, more, claims, expected) => {
      const provider = await provide();
      const app = await trust(settings(provider, more));
      const token = provider.token(claims);
      expect(await ask(app, token)).toMatchObject({ status: 200, ...expected });
      if (expected['code'] === 'USER_REQUIRED')
        expect(await ask(app, token, '/jobs')).toEqual({ status: 200, kind: 'client' });
    });
  });

  it('knows an issuer whose name ends with a slash, as those of Auth0 do', async () => {
    const provider = await provide('/', () => '/.well-known/openid-configuration');
    const app = await trust(settings(provider));
    expect((await ask(app, provider.token())).status).toBe(200);
    expect((await ask(app, provider.token({ iss: provider.origin }))).status).toBe(401);
  });

  describe('has no keys, and answers 503, where the issuer', () => {
    const DISCOVERY = '/realms/shop/.well-known/openid-configuration';
    const redirect: RequestListener = (_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end();
    const endless: RequestListener = (_, response) => {
      const chunk = `"${'x'.repeat(16_384)}",`;
      const write = (): unknown => response.destroyed || (response.write(chunk), setImmediate(write));
      response.writeHead(200).write('{"keys":[');
      write();
    };
    it.each<[string, string, RequestListener]>([
      ['sends its metadata elsewhere', DISCOVERY, redirect],
      ['sends its keys elsewhere', '/keys', redirect],
      ['never ends its metadata', DISCOVERY, endless],
      ['never ends its keys', '/keys', endless],
      ['says a member twice', '/keys', (_, response) => response.end('{"keys":[],"keys":[{}]}')],
      ['is no issuer', DISCOVERY, (_, response) => response.end('<html>')],
    ])('%s', async (_, path, answer) => {
      const provider = await provide();
      provider.answers['/elsewhere'] = (__, response) =>
        response.end(
          JSON.stringify({ issuer: provider.issuer, jwks_uri: `${provider.origin}/k`, keys: provider.jwks }),
        );
      provider.answers[path] = answer;
      const app = await trust(settings(provider));
      expect((await ask(app, provider.token())).status).toBe(503);
      expect(provider.requests).not.toContain('/elsewhere');
    });
  });

  it('takes no keys of a set of ten thousand, and goes on with those that it has', async () => {
    const provider = await provide();
    const app = await trust(settings(provider));
    expect((await ask(app, provider.token())).status).toBe(200);
    const { kid: _, ...jwk } = provider.key.jwk;
    provider.jwks = Array.from({ length: 10_000 }, (__, index) => ({ ...jwk, kid: `k${index}` }));
    const unknown = new SigningKey('RS256', 'k1', provider.key.key);
    expect((await ask(app, provider.token({}, {}, unknown))).status).toBe(401);
    expect((await ask(app, provider.token())).status).toBe(200);
  });

  it('makes no secret of a symmetric key in a set, whatever algorithm it claims', async () => {
    const provider = await provide();
    const secret = new SigningKey('HS256', 'signing');
    const k = secret.key.export().toString('base64url');
    provider.jwks = [
      { kty: 'oct', kid: 'signing', alg: 'RS256', use: 'sig', k },
      { kty: 'oct', kid: 'signing', k },
      { ...provider.key.jwk, k },
    ];
    const app = await trust(settings(provider));
    for (const token of [
      provider.token({}, {}, secret),
      provider.token({}, { alg: 'RS256' }, secret),
      provider.token(),
    ])
      expect((await ask(app, token)).status).toBe(401);
  });

  it('waits no longer for keys than it may, though the fetch of its user never ends', async () => {
    const provider = await provide();
    const fetch = (() => new Promise(() => {})) as typeof globalThis.fetch;
    const app = await trust(settings(provider, { fetch }));
    expect((await ask(app, provider.token())).status).toBe(503);
  });

  it('takes claims for what they are, and no more', async () => {
    const provider = await provide();
    const app = await trust(settings(provider, { claims: { roles: '__proto__.roles', scopes: 'scp' } }));
    const claims = JSON.stringify({
      iss: provider.issuer,
      aud: 'orders',
      sub: 'ada',
      iat: now(),
      exp: now() + 300,
    });
    const header = { alg: 'RS256', kid: 'signing' };
    const polluting = signCompact(
      provider.key,
      header,
      claims.replace('{', '{"__proto__":{"roles":["admin"]},'),
    );
    expect((await ask(app, polluting)).status).not.toBe(500);
    expect(({} as Record<string, unknown>)['roles']).toBeUndefined();
    for (const [wrong, status] of [
      [{ scp: ['orders:read', 1] }, 401],
      [{ scp: ['orders:read orders:write'] }, 401],
      [{ scp: { read: true } }, 401],
      [{ aud: { orders: true } }, 401],
      [{ sub: ['ada'] }, 401],
      [{ padding: 'x'.repeat(1_000_000) }, 401],
    ] as const)
      expect((await ask(app, provider.token(wrong))).status).toBe(status);
    expect((await ask(app, provider.token({}, { crit: ['exp'] }))).status).toBe(401);
  });

  it('is one of two applications in a process that trust different issuers', async () => {
    const [one, two] = [await provide(), await provide()];
    const apps = [await trust(settings(one)), await trust(settings(two))];
    for (const [index, app] of apps.entries()) {
      expect((await ask(app, one.token())).status).toBe(index === 0 ? 200 : 401);
      expect((await ask(app, two.token())).status).toBe(index === 0 ? 401 : 200);
    }
  });

  describe('beside another', () => {
    it('judges each token by the keys, audience and algorithms of its own issuer', async () => {
      const [old, next] = [await provide(), await provide('', undefined, 'ES256')];
      const app = await trust([settings(old), settings(next, { audience: 'shop', algorithms: ['ES256'] })]);
      expect((await ask(app, old.token())).status).toBe(200);
      expect((await ask(app, next.token({ aud: 'shop' }))).status).toBe(200);
      for (const mixed of [
        next.token({ aud: 'orders' }),
        old.token({ aud: 'shop' }),
        // Signed by the one, in the name of the other.
        old.token({ iss: next.issuer, aud: 'shop' }),
        next.token({ iss: old.issuer }),
        old.token({ iss: next.issuer, aud: 'shop' }, {}, new SigningKey('ES256', 'signing')),
        old.token({ iss: 'https://third.example.com' }),
        old.token({ iss: undefined }),
      ]) {
        expect((await ask(app, mixed)).status).toBe(401);
      }
      expect(lines.join()).toContain(next.issuer);
    });

    it('tells operators which issuer demands what a refused token lacks, and what is trusted at the start', async () => {
      const [old, next] = [await provide(), await provide('/next', undefined, 'ES256')];
      const app = await trust([
        settings(old, { algorithms: ['RS256', 'PS256'] }),
        settings(next, { audience: 'shop', algorithms: ['ES256'] }),
      ]);
      expect(lines.filter((line) => line.startsWith('Trusts'))).toEqual([
        `Trusts issuer ${old.issuer}, audience orders, algorithm RS256 or PS256, profile oidc; ` +
          `revocation off: tokens are good until they expire; and issuer ${next.issuer}, audience shop, ` +
          'algorithm ES256, profile oidc; revocation off: tokens are good until they expire',
      ]);
      lines.length = 0;
      await ask(app, next.token());
      await ask(app, old.token({ aud: 'shop' }));
      await ask(app, old.token({}, { alg: 'ES256' }));
      await ask(app, old.token({ iss: 'https://third.example.com' }));
      expect(lines.filter((line) => line.startsWith('Token refused'))).toEqual([
        `Token refused (audience) from ${next.issuer}: its aud does not hold shop`,
        `Token refused (audience) from ${old.issuer}: its aud does not hold orders`,
        `Token refused (algorithm) from ${old.issuer}: its alg is not RS256 or PS256`,
        `Token refused (issuer): its iss is not ${old.issuer} or ${next.issuer}`,
      ]);
    });

    it('goes on trusting the one while the keys of the other cannot be had', async () => {
      const [up, down] = [await provide(), await provide()];
      const app = await trust([settings(up), settings(down)]);
      down.metadata = { issuer: 'https://evil.example.com' };
      expect((await ask(app, up.token())).status).toBe(200);
    });

    it('asks each for what it has revoked, and neither about tokens of the other', async () => {
      const [one, two] = [await provide(), await provide()];
      const revoked = new Set<string>();
      const revocations = { isRevoked: ({ userId }: AccessToken) => revoked.has(userId) };
      const app = await trust([settings(one, { revocations }), settings(two)]);
      const [first, second] = [one.token(), two.token()];
      for (const token of [first, second]) expect((await ask(app, token)).status).toBe(200);
      revoked.add('ada');
      expect((await ask(app, first)).status).toBe(401);
      expect((await ask(app, second)).status).toBe(200);
      expect((await ask(app, one.token())).status).toBe(401);
    });

    it('does not start when one is there twice, or names no issuer', async () => {
      const provider = await provide();
      await expect(trust([settings(provider), settings(provider)])).rejects.toThrow(
        'issuer must be another in each',
      );
      await expect(trust([])).rejects.toThrow('issuers must be named');
      const bare = {
        ...settings(provider),
        profile: 'bare',
        secret: 'x1Y2z3'.repeat(8),
        issuer: 'http://other',
      } as const;
      await expect(trust([settings(provider), bare])).rejects.toThrow(
        'issuers[1]: profile bare names no issuer',
      );
    });
  });

  it.each<[unknown, string]>([
    [undefined, 'settings must be an object'],
    [null, 'settings must be an object'],
    ['https://id.example.com', 'settings must be an object'],
    [{}, 'issuer must be'],
    [{ audience: 'orders', revocations: false }, 'issuer must be'],
    [
      [{ issuer: 'https://id.example.com', audience: 'orders', revocations: false }, null],
      'issuers[1]: settings must be',
    ],
  ])(
    'does not start with settings that are %j, told at once or later, and says why',
    async (wrong, fault) => {
      if (wrong !== undefined) await expect(trust(wrong as JwtSharedSettings)).rejects.toThrow(fault);
      const imports = [JwtSharedModule.forRootAsync({ useFactory: () => wrong as JwtSharedSettings })];
      await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(fault);
    },
  );

  it.each<[Partial<JwtSharedSettings>, string]>([
    [{ issuer: 'shop' }, 'issuer must be'],
    [{ issuer: 'shop', profile: 'rfc9068' }, 'issuer must be'],
    [{ issuer: 'https://id.example.com/?tenant=shop' }, 'issuer must be'],
    [{ issuer: 'https://id.example.com/#shop' }, 'issuer must be'],
    [{ jwksUri: 'file:///etc/passwd' }, 'jwksUri must be'],
    [{ audience: [] }, 'audience must be'],
    [{ secret: 'x1Y2z3'.repeat(8) }, 'profile must be'],
    [{ revocations: undefined as never }, 'revocations must be'],
    [{ revocation: false } as never, 'revocation is not an option'],
    [
      { algorithms: ['HS256', 'RS256'], secret: 'x1Y2z3'.repeat(8), profile: 'rfc9068' },
      'algorithms must be',
    ],
    [{ algorithms: [] }, 'algorithms must be'],
    [{ algorithms: ['RS256', 'RS256'] }, 'algorithms must be'],
    [{ algorithms: ['HS256'], secret: 'x1Y2z3'.repeat(8) }, 'profile must be'],
    [{ claims: { groups: 'groups' } as never }, 'claims must be'],
    [{ claims: { roles: '' } }, 'claims must be'],
    [{ claims: { roles: [] } }, 'claims must be'],
    [{ claims: { client: 'azp' as never } }, 'claims must be'],
    [{ claims: { client: () => true }, profile: 'rfc9068' }, 'claims must be'],
  ])('does not start with %j', async (more, fault) => {
    const provider = await provide();
    await expect(trust(settings(provider, more))).rejects.toThrow(fault);
  });
});
