import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac, createSecretKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { KeySource } from './keys/key-source.js';
import { NO_REVOCATIONS } from './revocation/revocation-source.js';
import { FakeIssuer, SigningKey, signCompact } from './testing/index.js';
import { AccessTokenVerifier } from './access-token.verifier.js';
import { TOKEN_ALGORITHMS, type TokenAlgorithm } from './jose/algorithm.js';

/** Mistakes that published code of our kind has made, one test each. */
describe.each(TOKEN_ALGORITHMS)('under %s', (algorithm) => {
  let issuer: FakeIssuer;
  let verifier: AccessTokenVerifier;
  beforeAll(async () => {
    issuer = await FakeIssuer.start({ algorithm });
    verifier = verifierOf(issuer, issuer.key);
  });
  afterAll(() => issuer.stop());

  it('verifies what the issuer has signed', async () => {
    await expect(verifier.verify(issuer.token({ sub: 'alice' }))).resolves.toMatchObject({ userId: 'alice' });
  });

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'non\u0435', ''])(
    'refuses an unsigned token: alg %j (CVE-2015-9235, CVE-2022-23540)',
    async (alg) => {
      const [header, payload, signature] = issuer.token({}, { alg }).split('.');
      for (const token of [
        `${header}.${payload}.`,
        `${header}.${payload}`,
        `${header}.${payload}.${signature}`,
      ]) {
        await expect(verifier.verify(token)).rejects.toMatchObject({
          name: 'TokenRejected',
          detail: 'Invalid token',
        });
      }
    },
  );

  it('refuses the header of another algorithm over a right signature (RFC 8725 §3.1)', async () => {
    for (const alg of TOKEN_ALGORITHMS.filter((name) => name !== algorithm)) {
      await expect(verifier.verify(issuer.token({}, { alg }))).rejects.toMatchObject({ reason: 'algorithm' });
    }
  });

  it("refuses a stranger's signature", async () => {
    const stranger = new SigningKey(algorithm, issuer.key.kid);
    const token = signCompact(stranger, issuer.header(), issuer.claims());
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'signature' });
  });

  it('refuses a signature that was made for another token', async () => {
    const [header, payload] = issuer.token().split('.');
    const signature = issuer.token().split('.')[2];
    await expect(verifier.verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
      reason: 'signature',
    });
  });

  it('refuses signatures of zeros, of ones and of other lengths (CVE-2022-21449)', async () => {
    const [header, payload, signature = ''] = issuer.token().split('.');
    const { length } = Buffer.from(signature, 'base64url');
    const forgeries = [1, 31, 32, 33, 63, 64, 65, 256, length].flatMap((size) => [
      Buffer.alloc(size),
      Buffer.alloc(size, 0xff),
      Buffer.alloc(size, 1),
    ]);
    const right = Buffer.from(signature, 'base64url');
    for (const forgery of [
      ...forgeries,
      right.subarray(1),
      right.subarray(0, -1),
      Buffer.concat([right, Buffer.of(0)]),
    ]) {
      const token = `${header}.${payload}.${forgery.toString('base64url')}`;
      await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'signature' });
    }
  });

  it('can verify nothing with a key of another kind that a source has bound to it', async () => {
    for (const other of TOKEN_ALGORITHMS) {
      const key = new SigningKey(other, 'k');
      const publicKey = other === 'HS256' ? key.key : key.publicKey;
      const source = sourceOf(algorithm, publicKey);
      const confused = new AccessTokenVerifier(
        issuer.verifierOptions(),
        source,
        NO_REVOCATIONS,
        issuer.clock,
      );
      const input = signCompact(key, issuer.header(), issuer.claims());
      const outcome = confused.verify(input).then(
        () => 'accepted',
        () => 'refused',
      );
      await expect(outcome).resolves.toBe(other === algorithm ? 'accepted' : 'refused');
    }
  });

  it('can verify nothing with an empty secret (CVE-2019-20933 and many like it)', async () => {
    const source = sourceOf(algorithm, createSecretKey(Buffer.alloc(0)));
    const empty = new AccessTokenVerifier(issuer.verifierOptions(), source, NO_REVOCATIONS, issuer.clock);
    const input = issuer.token().split('.').slice(0, 2).join('.');
    const signature = createHmac('sha256', '').update(input).digest('base64url');
    await expect(empty.verify(`${input}.${signature}`)).rejects.toMatchObject({ reason: 'signature' });
  });

  it('can verify nothing with a private key', async () => {
    const source = sourceOf(algorithm, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    const confused = new AccessTokenVerifier(issuer.verifierOptions(), source, NO_REVOCATIONS, issuer.clock);
    await expect(confused.verify(issuer.token())).rejects.toMatchObject({ reason: 'signature' });
  });
});

describe.each(['ES256', 'RS256', 'EdDSA'] as const)('with the public key of %s', (algorithm) => {
  let issuer: FakeIssuer;
  beforeAll(async () => {
    issuer = await FakeIssuer.start({ algorithm });
  });
  afterAll(() => issuer.stop());

  it('refuses that key, in any spelling, as the secret of an HMAC (algorithm confusion, CVE-2016-10555)', async () => {
    const verifier = verifierOf(issuer, issuer.key);
    const { publicKey } = issuer.key;
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const secrets = [
      pem,
      pem.trim(),
      `\n ${pem}`,
      pem.replaceAll('\n', '\r\n'),
      pem.replaceAll('\n', ''),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      ` ${JSON.stringify(issuer.key.jwk)}`,
    ];
    for (const secret of secrets) {
      for (const alg of ['HS256', 'HS384', algorithm]) {
        const input = issuer.token({}, { alg }).split('.').slice(0, 2).join('.');
        const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
        await expect(verifier.verify(token)).rejects.toMatchObject({ detail: 'Invalid token' });
      }
    }
  });

  it('refuses a key that the token brings along (CVE-2018-0114)', async () => {
    const verifier = verifierOf(issuer, issuer.key);
    const attacker = new SigningKey(algorithm, issuer.key.kid);
    for (const offer of [
      { jwk: attacker.jwk },
      { jku: issuer.jwks.url },
      { x5c: ['MII'] },
      { x5u: issuer.jwks.url },
    ]) {
      const token = signCompact(attacker, { ...issuer.header(), ...offer }, issuer.claims());
      await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'header' });
    }
    expect(issuer.jwks.requests).toBe(0);
  });
});

it.each([
  ['ES256', 'sha256'],
  ['ES384', 'sha384'],
  ['ES512', 'sha512'],
] as const)('refuses signatures of %s in DER, which has no place in a JWS', async (algorithm, hash) => {
  const issuer = await FakeIssuer.start({ algorithm });
  const input = issuer.token().split('.').slice(0, 2).join('.');
  const der = sign(hash, Buffer.from(input), issuer.key.key).toString('base64url');
  await expect(verifierOf(issuer, issuer.key).verify(`${input}.${der}`)).rejects.toMatchObject({
    reason: 'signature',
  });
  await issuer.stop();
});

it('ends both spellings of an ECDSA signature with their session: (r, s) and (r, n − s)', async () => {
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const issuer = await FakeIssuer.start({ algorithm: 'ES256' });
  const source = sourceOf('ES256', issuer.key.publicKey);
  const verifier = new AccessTokenVerifier(
    issuer.verifierOptions(),
    source,
    issuer.revocations,
    issuer.clock,
  );
  const token = issuer.token({ sub: 'alice', sid: 'twice' });
  const [header, payload, signature = ''] = token.split('.');
  const raw = Buffer.from(signature, 'base64url');
  const other = ORDER - BigInt(`0x${raw.toString('hex', 32)}`);
  const s = Buffer.from(other.toString(16).padStart(64, '0'), 'hex');
  const twin = `${header}.${payload}.${Buffer.concat([raw.subarray(0, 32), s]).toString('base64url')}`;
  expect(twin).not.toBe(token);
  for (const spelling of [token, twin])
    await expect(verifier.verify(spelling)).resolves.toMatchObject({ userId: 'alice' });
  issuer.revokeSession('twice');
  for (const spelling of [token, twin])
    await expect(verifier.verify(spelling)).rejects.toMatchObject({ reason: 'revoked' });
  await issuer.stop();
});

it('takes EdDSA under its name of RFC 9864, and no other curve by it', async () => {
  const issuer = await FakeIssuer.start({ algorithm: 'EdDSA' });
  const verifier = verifierOf(issuer, issuer.key);
  await expect(verifier.verify(issuer.token({}, { alg: 'Ed25519' }))).resolves.toBeDefined();
  for (const alg of ['Ed448', 'ed25519', 'ED25519']) {
    await expect(verifier.verify(issuer.token({}, { alg }))).rejects.toMatchObject({ reason: 'algorithm' });
  }
  await issuer.stop();
});

/** A source that trusts whatever key it is told to, as somebody else's might. */
function sourceOf(algorithm: TokenAlgorithm, key: KeyObject): KeySource {
  const trusted = { kid: undefined, algorithm, key };
  return { find: () => [trusted], isTrusted: () => true };
}

function verifierOf(issuer: FakeIssuer, signer: SigningKey): AccessTokenVerifier {
  const source = sourceOf(signer.algorithm, signer.algorithm === 'HS256' ? signer.key : signer.publicKey);
  return new AccessTokenVerifier(issuer.verifierOptions(), source, NO_REVOCATIONS, issuer.clock);
}
