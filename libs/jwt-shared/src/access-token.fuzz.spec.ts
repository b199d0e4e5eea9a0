import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { jwtVerify } from 'jose';
import { trustedKey } from './keys/trusted-key.js';
import { NO_REVOCATIONS } from './revocation/revocation-source.js';
import { FakeIssuer, signCompact } from './testing/index.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { TokenRejected } from './token/token-rejected.error.js';

const RUNS = { numRuns: 2000 };

describe.each(['HS256', 'ES256'] as const)('under %s, of any bytes at all', (algorithm) => {
  let issuer: FakeIssuer;
  let verifier: AccessTokenVerifier;
  beforeAll(async () => {
    issuer = await FakeIssuer.start({ algorithm });
    const key = trustedKey(algorithm, algorithm === 'HS256' ? issuer.key.key : issuer.key.publicKey);
    const source = { find: () => [key], isTrusted: () => true };
    verifier = new AccessTokenVerifier(issuer.verifierOptions(), source, NO_REVOCATIONS, issuer.clock);
  });
  afterAll(() => issuer.stop());

  /** What the verifier makes of a token; any error but its own fails the test. */
  async function judge(token: string) {
    try {
      return await verifier.verify(token);
    } catch (error) {
      if (error instanceof TokenRejected) return undefined;
      throw error;
    }
  }

  it('no change of one byte of a good token is accepted', async () => {
    const token = issuer.token();
    await expect(judge(token)).resolves.toBeDefined();
    const changes = fc
      .tuple(fc.nat(token.length - 1), fc.nat(255))
      .filter(([at, byte]) => token.charCodeAt(at) !== byte);
    await fc.assert(
      fc.asyncProperty(changes, async ([at, byte]) => {
        const changed = token.slice(0, at) + String.fromCharCode(byte) + token.slice(at + 1);
        await expect(judge(changed)).resolves.toBeUndefined();
      }),
      RUNS,
    );
  });

  it('no byte left out, put in, swapped or doubled is accepted', async () => {
    const token = issuer.token();
    const at = fc.nat(token.length - 1);
    await fc.assert(
      fc.asyncProperty(
        at,
        at,
        fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
        async (i, j, extra) => {
          const [a, b] = i < j ? [i, j] : [j, i + 1];
          const mutants = [
            token.slice(0, a) + token.slice(b),
            token.slice(0, a) + extra + token.slice(a),
            token.slice(0, b) + token.slice(a, b) + token.slice(b),
            token.slice(0, a) + token.slice(b) + token.slice(a, b),
          ];
          for (const mutant of mutants.filter((text) => text !== token)) {
            await expect(judge(mutant)).resolves.toBeUndefined();
          }
        },
      ),
      RUNS,
    );
  });

  it('no bit of the decoded parts can change under the same signature', async () => {
    const parts = issuer
      .token()
      .split('.')
      .map((part) => Buffer.from(part, 'base64url'));
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (part, at, mask) => {
        const changed = parts.map((bytes, index) => {
          if (index !== part) return bytes;
          const copy = Buffer.from(bytes);
          copy.writeUInt8((copy.readUInt8(at % copy.length) ^ mask) & 0xff, at % copy.length);
          return copy;
        });
        const token = changed.map((bytes) => bytes.toString('base64url')).join('.');
        await expect(judge(token)).resolves.toBeUndefined();
      }),
      RUNS,
    );
  });

  it('arbitrary text never throws anything but a refusal', async () => {
    const segment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(segment, { maxLength: 5 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (token) => expect(judge(token)).resolves.toBeUndefined()),
      RUNS,
    );
  });

  it('whatever is accepted, jose accepts with the same claims (an independent oracle)', async () => {
    const key = algorithm === 'HS256' ? issuer.key.key : issuer.key.publicKey;
    const { issuer: iss, audiences, clockTolerance } = issuer.verifierOptions();
    const now = issuer.clock.now() / 1000;
    const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 19, arbitrary }, fc.constant(undefined), fc.jsonValue({ maxDepth: 2 }));
    const around = (from: number, to: number) => mostly(fc.integer({ min: now + from, max: now + to }));
    const extra = fc.jsonValue({ maxDepth: 2 });
    const claims = fc.record(
      {
        exp: around(-10, 1000),
        iat: around(-300, 8),
        nbf: around(-300, 8),
        aud: mostly(fc.constantFrom('signet', ['signet', 'x'], ['x', 'signet'], 'Signet', [])),
        iss: mostly(fc.constantFrom(iss, iss, iss, `${iss}/`)),
        sub: mostly(fc.string({ unit: 'binary' })),
        extra,
      },
      { requiredKeys: [] },
    );
    const typ = mostly(fc.constantFrom('at+jwt', 'AT+JWT', 'application/at+jwt'));
    const header = fc.record({ typ, extra }, { requiredKeys: [] });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(claims, header, async (someClaims, someHeader) => {
        const token = signCompact(
          issuer.key,
          { ...issuer.header(), ...someHeader },
          { ...issuer.claims(), ...someClaims },
        );
        const ours = await judge(token);
        if (ours === undefined) return;
        accepted++;
        const options = {
          issuer: iss,
          audience: [...audiences],
          clockTolerance,
          currentDate: new Date(issuer.clock.now()),
        };
        const theirs = await jwtVerify(token, key, { ...options, typ: 'at+jwt', algorithms: [algorithm] });
        expect(ours.claims).toEqual(theirs.payload);
        expect(ours.userId).toBe(theirs.payload.sub);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
