import { describe, expect, it } from '@jest/globals';
import { JWT_RULES } from '../config/jwt.environment.js';
import { readEnvironment } from '../config/read-settings.js';
import { keySource, verifierOptions } from '../jwt.config.js';
import { JWT_ALGORITHMS } from '../jose/algorithm.js';
import { AccessTokenVerifier } from '../access-token.verifier.js';
import { FakeIssuer, TestClock } from './index.js';

describe.each(JWT_ALGORITHMS)('a fake issuer of %s', (algorithm) => {
  it('is trusted by a service that has its environment, through rotation and withdrawal', async () => {
    const issuer = await FakeIssuer.start({ algorithm, clock: TestClock.running() });
    const { values: env, faults } = readEnvironment(JWT_RULES, issuer.environment());
    expect(faults).toEqual([]);
    const keys = keySource(env);
    keys.start?.();
    const verifier = new AccessTokenVerifier(verifierOptions(env), keys, issuer.revocations);
    await expect(verifier.verify(issuer.token({ sub: 'alice' }))).resolves.toMatchObject({ userId: 'alice' });
    await expect(verifier.verify(issuer.expiredToken())).rejects.toMatchObject({ reason: 'expired' });
    await expect(verifier.verify(issuer.revokedToken())).rejects.toMatchObject({ reason: 'revoked' });
    keys.stop?.();

    const [old, { kid }] = [issuer.token(), issuer.key];
    issuer.rotate();
    const both = issuer.keySource();
    const after = new AccessTokenVerifier(issuer.verifierOptions(), both, issuer.revocations, issuer.clock);
    for (const token of [old, issuer.token()]) await expect(after.verify(token)).resolves.toBeDefined();
    both.stop?.();

    issuer.withdraw(kid);
    const one = issuer.keySource();
    const last = new AccessTokenVerifier(issuer.verifierOptions(), one, issuer.revocations, issuer.clock);
    await expect(last.verify(issuer.token())).resolves.toBeDefined();
    await expect(last.verify(old)).rejects.toMatchObject({ name: 'TokenRejected' });
    one.stop?.();
    await issuer.stop();
  });
});

describe('a test clock', () => {
  it('moves only when told', () => {
    const clock = new TestClock();
    const start = clock.now();
    clock.advance(1.5);
    clock.advance(-1);
    expect(clock.now()).toBe(start + 500);
  });
});
