import {
  AccessTokenVerifier,
  NO_REVOCATIONS,
  SharedSecretSource,
  trustedKey,
  type KeySource,
} from '@app/jwt-shared';
import { constants, createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { AUDIENCE, ISSUER, type Setup } from '../protocol.js';
import { makeKeys, sign } from '../sign.js';

/** Microseconds of our whole verification of a new token, and of the bare signature check of the same bytes. */
export interface VerifierFigures {
  readonly algorithm: Setup['algorithm'];
  readonly ours: number;
  readonly bare: number;
}

const ALGORITHMS = ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const;
const TOKENS = 200;
const ROUNDS = 15;

/** Measures every algorithm, in rounds that take turns, and gives the medians. */
export async function measureVerifiers({ secret }: Setup): Promise<VerifierFigures[]> {
  const figures: VerifierFigures[] = [];
  for (const algorithm of ALGORITHMS) figures.push(await measure(algorithm, secret));
  return figures;
}

async function measure(algorithm: Setup['algorithm'], secret: string): Promise<VerifierFigures> {
  const keys = makeKeys(algorithm, secret);
  const tokens = Array.from({ length: TOKENS }, () => sign(algorithm, keys.privateKey));
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
    bare.push(await timeOf(() => tokens.map((token) => isSigned(algorithm, keys.publicKey, token))));
  }
  return { algorithm, ours: median(ours), bare: median(bare) };
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

function isSigned(algorithm: Setup['algorithm'], key: KeyObject, token: string): boolean {
  const end = token.lastIndexOf('.');
  const [input, signature] = [
    Buffer.from(token.slice(0, end)),
    Buffer.from(token.slice(end + 1), 'base64url'),
  ];
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
