import { constants, createHmac, createSecretKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { AccessTokenIssuer } from '../../apps/auth/src/signing/access-token.issuer.js';
import type { AuthConfig } from '../../apps/auth/src/config/auth.config.js';
import { JwsSigner } from '../../apps/auth/src/signing/jws-signer.js';
import { AUDIENCE, ISSUER, type Setup } from '../protocol.js';
import { makeKeys } from '../sign.js';

/** Microseconds of a whole new access token, and of the bare signature of the same bytes, in each round. */
export interface IssuerFigures {
  readonly algorithm: Setup['algorithm'];
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

type Sign = (input: Buffer) => Buffer;

/** Fewer for RSA, which takes a thousand times as long. */
const TOKENS = { HS256: 20_000, ES256: 3000, EdDSA: 3000, RS256: 150, PS256: 150 } as const;
const ROUNDS = 15;

/** Measures every algorithm, in rounds that take turns. */
export function measureIssuers({ secret }: Setup): IssuerFigures[] {
  return (['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const).map((algorithm) =>
    measure(algorithm, secret),
  );
}

function measure(algorithm: Setup['algorithm'], secret: string): IssuerFigures {
  const { privateKey } = makeKeys(algorithm, secret);
  const key = algorithm === 'HS256' ? createSecretKey(Buffer.from(secret)) : privateKey;
  const kid = algorithm === 'HS256' ? undefined : 'key';
  const signer = new JwsSigner({ algorithm, kid, key, typ: 'at+jwt' });
  const issuer = new AccessTokenIssuer({ current: () => signer }, CONFIG as AuthConfig);
  const request = {
    // As they come from the database: each one string, not the chain of pieces that `randomUUID` gives.
    subject: randomUUID().toLowerCase(),
    session: randomUUID().toLowerCase(),
    authTime: 1_790_000_000,
    issuedAt: 1_790_000_000,
  };
  const token = issuer.issue(request).accessToken;
  const input = Buffer.from(token.slice(0, token.lastIndexOf('.')));
  const bareSign = BARE[algorithm](key);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = -2; round < ROUNDS; round++) {
    const times = [
      timeOf(TOKENS[algorithm], () => issuer.issue(request)),
      timeOf(TOKENS[algorithm], () => bareSign(input)),
    ] as const;
    if (round < 0) continue; // until the code is compiled
    ours.push(times[0]);
    bare.push(times[1]);
  }
  return { algorithm, ours, bare };
}

const CONFIG: Partial<AuthConfig> = {
  JWT_EXPIRES_IN: 300,
  JWT_PROFILE: 'rfc9068',
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
  JWT_OWN_AUDIENCE: AUDIENCE,
  JWT_ALGORITHM: 'HS256',
};

const BARE: Readonly<Record<Setup['algorithm'], (key: KeyObject) => Sign>> = {
  HS256: (key) => (input) => createHmac('sha256', key).update(input).digest(),
  ES256: (key) => (input) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  RS256: (key) => (input) => sign('sha256', input, key),
  PS256: (key) => (input) =>
    sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  EdDSA: (key) => (input) => sign(null, input, key),
};

/** Wall time: the work is one thread's, and throughput is what is asked. */
function timeOf(times: number, work: () => unknown): number {
  const began = performance.now();
  for (let i = 0; i < times; i++) work();
  return ((performance.now() - began) * 1000) / times;
}
