import {
  AccessTokenVerifier,
  NO_REVOCATIONS,
  SharedSecretSource,
  trustedKey,
  type KeySource,
} from '@signet/jwt-shared';
import { constants, createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { AUDIENCE, ISSUER, type Setup } from '../protocol.js';
import { makeKeys, sign } from '../sign.js';

/**
 * Microseconds of our whole verification of a new token, and of the bare signature check of the same bytes, in each
 * round.
 */
export interface VerifierFigures {
  readonly algorithm: Setup['algorithm'];
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

/** What a signature check is given: all that can be done beforehand is done. */
interface Signed {
  readonly input: Buffer;
  readonly signature: Buffer;
}

const ALGORITHMS = ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const;
const TOKENS = 200;
const ROUNDS = 15;

/** Measures every algorithm, in rounds that take turns. */
export async function measureVerifiers({ secret }: Setup): Promise<VerifierFigures[]> {
  const figures: VerifierFigures[] = [];
  for (const algorithm of ALGORITHMS) figures.push(await measure(algorithm, secret));
  return figures;
}

async function measure(algorithm: Setup['algorithm'], secret: string): Promise<VerifierFigures> {
  const keys = makeKeys(algorithm, secret);
  const tokens = Array.from({ length: TOKENS }, () => sign(algorithm, keys.privateKey));
  const signed = tokens.map((token) => takeApart(token));
  const source = sourceOf(algorithm, keys.publicKey, secret);
  const options = {
    algorithm,
    issuer: ISSUER,
    audiences: [AUDIENCE],
    profile: 'rfc9068',
    clockTolerance: 5,
  } as const;
  const verifier = new AccessTokenVerifier(options, source, NO_REVOCATIONS);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timeOf(() => Promise.all(tokens.map((token) => verifier.verify(token)))));
    bare.push(await timeOf(() => signed.map((it) => isSigned(algorithm, keys.publicKey, it))));
  }
  return { algorithm, ours, bare };
}

async function timeOf(work: () => unknown): Promise<number> {
  const { user, system } = process.cpuUsage();
  await work();
  const used = process.cpuUsage({ user, system });
  return (used.user + used.system) / TOKENS;
}

function sourceOf(algorithm: Setup['algorithm'], key: KeyObject, secret: string): KeySource {
  if (algorithm === 'HS256') return new SharedSecretSource(secret);
  const trusted = trustedKey(algorithm, key, 'key');
  return { find: () => [trusted], isTrusted: (candidate) => candidate === trusted };
}

function takeApart(token: string): Signed {
  const end = token.lastIndexOf('.');
  return {
    input: Buffer.from(token.slice(0, end)),
    signature: Buffer.from(token.slice(end + 1), 'base64url'),
  };
}

function isSigned(algorithm: Setup['algorithm'], key: KeyObject, { input, signature }: Signed): boolean {
  switch (algorithm) {
    case 'HS256':
      return timingSafeEqual(createHmac('sha256', key).update(input).digest(), signature);
    case 'ES256':
      return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'PS256':
      return verify(
        'sha256',
        input,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        signature,
      );
    case 'RS256':
      return verify('sha256', input, key, signature);
    case 'EdDSA':
      return verify(null, input, key, signature);
  }
}
