import { randomBytes, randomUUID } from 'node:crypto';
import { requestOf } from './load.ts';
import type { Setup } from './protocol.ts';
import { makeKeys, sign } from './sign.ts';

/** One line of the comparison. */
export interface Candidate {
  readonly label: string;
  readonly program: string;
  readonly setup: Setup;
  readonly status: number;
  /** Fresh requests for one round. */
  readonly requests: (count: number) => string[];
}

const secret = randomBytes(32).toString('hex');
const hs256: Setup = { secret, algorithm: 'HS256' };
const { privateKey } = makeKeys('HS256', secret);
const oneToken = sign('HS256', privateKey);

/** Everything that is compared, in the order of the table. All get a token, as reading a longer request costs time too. */
export function candidates(): Candidate[] {
  return [
    same('raw node:http', 'node:http', '/'),
    same('raw Fastify', 'fastify', '/'),
    same('Nest, no guard', 'nest', '/'),
    same('our guard, @Public() route', 'guarded', '/public'),
    same('our guard, hot token', 'guarded', '/'),
    same('our guard, hot token, 10,000 revocations held', 'guarded', '/', oneToken, {
      otherRevocations: 10_000,
    }),
    revoked(),
    cold('HS256'),
    cold('ES256'),
    cold('RS256'),
    cold('EdDSA'),
    same("the Nest documentation's sample", 'docs-sample', '/'),
    same('fast-jwt on Fastify', 'fast-jwt', '/'),
    same('jose on Fastify', 'jose', '/'),
  ];
}

/** The same request again and again. */
function same(
  label: string,
  program: string,
  path: string,
  token = oneToken,
  more: Partial<Setup> = {},
): Candidate {
  const request = requestOf(path, token);
  const requests = (count: number) => Array.from({ length: count }, () => request);
  return { label, program, setup: { ...hs256, ...more }, status: 200, requests };
}

/** Every request with a token that the service has never seen. */
function cold(algorithm: Setup['algorithm']): Candidate {
  const keys = makeKeys(algorithm, secret);
  const publicKey =
    algorithm === 'HS256' ? undefined : keys.publicKey.export({ type: 'spki', format: 'pem' });
  const requests = (count: number) =>
    Array.from({ length: count }, () => requestOf('/', sign(algorithm, keys.privateKey)));
  return {
    label: `our guard, cold ${algorithm}`,
    program: 'guarded',
    setup: { secret, algorithm, publicKey },
    status: 200,
    requests,
  };
}

function revoked(): Candidate {
  const sid = randomUUID();
  const token = sign('HS256', privateKey, sid);
  return {
    ...same('our guard, revoked token (401)', 'guarded', '/', token, { revokedSession: sid }),
    status: 401,
  };
}
