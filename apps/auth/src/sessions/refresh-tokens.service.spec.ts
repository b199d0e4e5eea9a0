import { describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { parseRefreshToken } from './refresh-token.js';
import { RefreshTokensService } from './refresh-tokens.service.js';

const secret = () => randomBytes(32).toString('base64');
const withSecrets = (current: string, previous?: string) =>
  new RefreshTokensService({
    REFRESH_TOKEN_SECRET: current,
    ...(previous !== undefined && { REFRESH_TOKEN_SECRET_PREVIOUS: previous }),
  });

describe('refresh tokens', () => {
  const session = { id: randomUUID(), seed: randomBytes(32) };
  const [current, other] = [secret(), secret()];
  const tokens = withSecrets(current);
  const token = parseRefreshToken(tokens.make(session, 7))!;

  it('are the same whenever and wherever they are made', () => {
    expect(withSecrets(current, other).make(session, 7)).toBe(tokens.make(session, 7));
  });

  it('are genuine for the session that they were made for', () => {
    expect(tokens.isGenuine(token, session.seed)).toBe(true);
  });

  it('are not without the session, or for one with another seed: the secret alone makes none', () => {
    expect(tokens.isGenuine(token, undefined)).toBe(false);
    expect(tokens.isGenuine(token, randomBytes(32))).toBe(false);
  });

  it('are not with another secret: the database alone makes none', () => {
    expect(withSecrets(other).isGenuine(token, session.seed)).toBe(false);
  });

  it('are genuine by the previous secret, but never made with it', () => {
    const changed = withSecrets(other, current);
    expect(changed.isGenuine(token, session.seed)).toBe(true);
    expect(changed.make(session, 7)).toBe(withSecrets(other).make(session, 7));
  });

  it('are not when anything of them is changed', () => {
    expect(tokens.isGenuine({ ...token, counter: 8 }, session.seed)).toBe(false);
    expect(tokens.isGenuine({ ...token, sessionId: randomUUID() }, session.seed)).toBe(false);
    for (let bit = 0; bit < 256; bit++) {
      const mac = Buffer.from(token.mac);
      mac[bit >> 3] = mac[bit >> 3]! ^ (1 << (bit & 7));
      expect(tokens.isGenuine({ ...token, mac }, session.seed)).toBe(false);
    }
  });
});
