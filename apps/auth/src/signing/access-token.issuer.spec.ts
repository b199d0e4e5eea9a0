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
  JWT_PROFILE: 'rfc9068',
} as const;

function issuer(settings: Partial<AuthConfig> = {}): AccessTokenIssuer {
  const config = { ...CONFIG, ...settings } as AuthConfig;
  const key = createSecretKey(Buffer.from(secret));
  const signer = new JwsSigner({ algorithm: 'HS256', key, typ: typOf(config.JWT_PROFILE) });
  return new AccessTokenIssuer({ current: () => signer }, config);
}

const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('an access token', () => {
  it('has the claims of RFC 9068, whatever characters they are made of', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { accessToken, expiresIn } = issuer().issue('ada "the first"', 'session\\');
    expect(expiresIn).toBe(300);
    const claims = claimsOf(accessToken) as { iat: number; exp: number };
    expect(claims).toEqual({
      iss: CONFIG.JWT_ISSUER,
      aud: ['tasks', 'dashboard'],
      sub: 'ada "the first"',
      client_id: 'first-party',
      sid: 'session\\',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: claims.iat + 300,
    });
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    const options = { algorithm: 'HS256', issuer: CONFIG.JWT_ISSUER, audiences: ['tasks'] } as const;
    const verifier = new AccessTokenVerifier(
      { ...options, profile: 'rfc9068', clockTolerance: 0 },
      new SharedSecretSource(secret),
      NO_REVOCATIONS,
    );
    expect((await verifier.verify(accessToken)).userId).toBe('ada "the first"');
  });

  it('names one audience as a string, and is never the same as another', () => {
    const one = issuer({ JWT_AUDIENCE: 'tasks' });
    const tokens = [one.issue('ada', 'session'), one.issue('ada', 'session')];
    const [first, second] = tokens.map(
      ({ accessToken }) => claimsOf(accessToken) as { aud: string; jti: string },
    );
    expect(first?.aud).toBe('tasks');
    expect(first?.jti).not.toBe(second?.jti);
  });

  it('has three claims in profile bare', () => {
    const { accessToken } = issuer({ JWT_PROFILE: 'bare' }).issue('ada', 'session');
    const claims = claimsOf(accessToken) as { iat: number };
    expect(claims).toEqual({ sub: 'ada', iat: expect.any(Number), exp: claims.iat + 300 });
  });
});
