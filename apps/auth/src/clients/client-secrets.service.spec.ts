import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ClientSecretsService } from './client-secrets.service.js';

const key = () => randomBytes(32).toString('base64');

describe('client secrets', () => {
  const REFRESH_TOKEN_SECRET = key();
  const secrets = new ClientSecretsService({ REFRESH_TOKEN_SECRET });

  it('are random, and long enough that there is nothing to guess', () => {
    const { secret } = secrets.make();
    expect(secret).toMatch(/^sgn_cs_[\w-]{43}$/);
    expect(secrets.make().secret).not.toBe(secret);
  });

  it('match the current hash or the previous one, and no other', () => {
    const [first, second] = [secrets.make(), secrets.make()];
    expect(secrets.compare(first.secret, [first.hash, null])).toEqual({ match: 'current', hash: first.hash });
    expect(secrets.compare(first.secret, [second.hash, first.hash]).match).toBe('current');
    expect(secrets.compare(first.secret, [second.hash, null]).match).toBe('none');
    expect(secrets.compare(`${first.secret}x`, [first.hash, null]).match).toBe('none');
  });

  it('match nothing of a client that does not exist', () => {
    expect(secrets.compare('', []).match).toBe('none');
    expect(secrets.compare(secrets.make().secret, []).match).toBe('none');
  });

  it('cannot be planted in the database by someone who does not have the key', () => {
    const planted = new ClientSecretsService({ REFRESH_TOKEN_SECRET: key() }).make();
    expect(secrets.compare(planted.secret, [planted.hash, null]).match).toBe('none');
  });

  it('stay good while the key is being changed, and are told apart so that they can be hashed anew', () => {
    const { secret, hash } = secrets.make();
    const after = new ClientSecretsService({
      REFRESH_TOKEN_SECRET: key(),
      REFRESH_TOKEN_SECRET_PREVIOUS: REFRESH_TOKEN_SECRET,
    });
    expect(after.compare(secret, [hash, null])).toEqual({ match: 'outdated-key', hash: after.hash(secret) });
    expect(after.compare(secret, [after.hash(secret), null]).match).toBe('current');
  });
});
