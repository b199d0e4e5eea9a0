import { describe, expect, it } from '@jest/globals';
import { AccessTokenVerifier, NO_REVOCATIONS, SharedSecretSource } from '@signet/jwt-shared';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { AuthConfig } from '../config/auth.config.js';
import { AccessTokenIssuer } from './access-token.issuer.js';
import { JwsSigner, typOf } from './jws-signer.js';

const secret = randomBytes(32).toString('hex');
const CONFIG = {
  JWT_ALGORITHM: 'HS256',
  JWT_EXPIRES_IN: 300,
  JWT_ISSUER: 'https://auth.example.org/"quoted"',
  JWT_AUDIENCE: 'tasks, dashboard',
  JWT_OWN_AUDIENCE: 'auth',
  JWT_PROFILE: 'rfc9068',
} as const;

function issuer(settings: Partial<AuthConfig> = {}): AccessTokenIssuer {
  const config = { ...CONFIG, ...settings } as AuthConfig;
  const key = createSecretKey(Buffer.from(secret));
  const signer = new JwsSigner({ algorithm: 'HS256', key, typ: typOf(config.JWT_PROFILE) });
  return new AccessTokenIssuer({ current: () => signer }, config);
}

const issuedAt = Math.floor(Date.now() / 1000);

const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('an access token', () => {
  it('has the claims of RFC 9068, whatever characters they are made of', async () => {
    const { accessToken, expiresIn } = issuer().issue({
      subject: 'ada "the first"',
      session: 'session\\',
      issuedAt,
    });
    expect(expiresIn).toBe(300);
    expect(claimsOf(accessToken)).toEqual({
      iss: CONFIG.JWT_ISSUER,
      aud: ['tasks', 'dashboard', 'auth'],
      sub: 'ada "the first"',
      client_id: 'first-party',
      sid: 'session\\',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: issuedAt,
      exp: issuedAt + 300,
    });
    const options = { algorithm: 'HS256', issuer: CONFIG.JWT_ISSUER, audiences: ['tasks'] } as const;
    const verifier = new AccessTokenVerifier(
      { ...options, profile: 'rfc9068', clockTolerance: 0 },
      new SharedSecretSource(secret),
      NO_REVOCATIONS,
    );
    expect((await verifier.verify(accessToken)).userId).toBe('ada "the first"');
  });

  it('names one audience as a string, and is never the same as another', () => {
    const [first, second] = ['tasks', ['tasks']].map(
      (audience) =>
        claimsOf(issuer().issue({ subject: 'ada', session: 'one', issuedAt, audience }).accessToken) as {
          aud: string;
          jti: string;
        },
    );
    expect([first?.aud, second?.aud]).toEqual(['tasks', 'tasks']);
    expect(first?.jti).not.toBe(second?.jti);
  });

  it('names auth itself once, also where it is among the audiences of services', () => {
    const { accessToken } = issuer({ JWT_AUDIENCE: 'auth' }).issue({
      subject: 'ada',
      session: 'one',
      issuedAt,
    });
    expect(claimsOf(accessToken)).toMatchObject({ aud: 'auth' });
  });

  it('says what its holder may do, when they logged in, and who acts for them', () => {
    const { accessToken, expiresIn } = issuer().issue({
      subject: 'ada',
      client: 'reports',
      audience: 'business',
      scopes: ['tasks:read', 'tasks:write'],
      roles: ['support'],
      session: 'one',
      actor: { clientId: 'reports', actor: { clientId: 'gateway' } },
      authTime: issuedAt - 60,
      issuedAt,
      expiresIn: 20,
    });
    expect(expiresIn).toBe(20);
    expect(claimsOf(accessToken)).toMatchObject({
      aud: 'business',
      client_id: 'reports',
      scope: 'tasks:read tasks:write',
      roles: ['support'],
      act: { sub: 'reports', act: { sub: 'gateway' } },
      auth_time: issuedAt - 60,
      exp: issuedAt + 20,
    });
  });

  it('of a client that acts for nobody has no session', () => {
    const { accessToken } = issuer().issue({
      subject: 'reports',
      client: 'reports',
      audience: 'a',
      issuedAt,
    });
    const claims = claimsOf(accessToken);
    expect(claims).toMatchObject({ sub: 'reports', client_id: 'reports' });
    expect(Object.keys(claims as object).toSorted()).toEqual(
      ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sub'].toSorted(),
    );
  });

  it('lives no longer than tokens may, whatever is asked', () => {
    expect(issuer().issue({ subject: 'ada', session: 'one', issuedAt, expiresIn: 4000 }).expiresIn).toBe(300);
  });

  it('takes claims of the team, none of which replaces one of ours, or adds one that we left out', () => {
    const claims = { tenant: 'acme', sub: 'eve', roles: ['admin'], sid: 'other', exp: 9e9, act: {}, nbf: 0 };
    const token = claimsOf(issuer().issue({ subject: 'reports', claims, issuedAt }).accessToken);
    expect(token).toMatchObject({ tenant: 'acme', sub: 'reports', exp: issuedAt + 300 });
    expect(Object.keys(token as object)).not.toEqual(expect.arrayContaining(['roles']));
    for (const name of ['roles', 'sid', 'act', 'nbf']) expect(token).not.toHaveProperty(name);
  });

  it('is not issued when it is longer than 4 KiB', () => {
    const roles = Array.from({ length: 200 }, (_, index) => `a-role-with-a-long-name-${index}`);
    expect(() => issuer().issue({ subject: 'ada', session: 'one', roles, issuedAt })).toThrow(
      expect.objectContaining({ response: expect.objectContaining({ code: 'TOKEN_TOO_LARGE' }) }),
    );
  });

  it('has three claims in profile bare', () => {
    const { accessToken } = issuer({ JWT_PROFILE: 'bare' }).issue({
      subject: 'ada',
      session: 'session',
      roles: ['admin'],
      issuedAt,
    });
    expect(claimsOf(accessToken)).toEqual({ sub: 'ada', iat: issuedAt, exp: issuedAt + 300 });
  });
});
