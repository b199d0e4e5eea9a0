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
/** Too many for a processor's nearest caches, few enough to be hot after the warm-up. */
const manyTokens = Array.from({ length: 1000 }, () => sign('HS256', privateKey));

/** Everything that is compared, in the order of the table. All get a token, as reading a longer request costs time too. */
export function candidates(): Candidate[] {
  return [
    same('raw node:http', 'node:http', '/answer'),
    same('raw Fastify', 'fastify', '/answer'),
    same('Nest, no guard', 'nest', '/answer'),
    same('our guard, @Public() route', 'guarded', '/public'),
    same('our guard, hot token', 'guarded', '/answer'),
    same('our guard, 1,000 hot tokens in turn', 'guarded', '/answer', manyTokens),
    same('our guard, hot token, 10,000 revocations held', 'guarded', '/answer', [oneToken], {
      otherRevocations: 10_000,
    }),
    revoked(),
    cold('HS256'),
    cold('ES256'),
    cold('RS256'),
    cold('EdDSA'),
    same('our guard in a whole service, hot token', 'whole service', '/answer'),
    same("the Nest documentation's sample", 'docs-sample', '/answer'),
    same('fast-jwt on Fastify', 'fast-jwt', '/answer'),
    same('jose on Fastify', 'jose', '/answer'),
  ];
}

/** For the open route that every server has beside the one that is measured. */
export function openRequests(count: number): string[] {
  return Array.from({ length: count }, () => requestOf('/public', oneToken));
}

/** The same requests again and again. */
function same(
  label: string,
  program: string,
  path: string,
  shown = [oneToken],
  more: Partial<Setup> = {},
): Candidate {
  const all = shown.map((token) => requestOf(path, token));
  const requests = (count: number) =>
    Array.from({ length: Math.ceil(count / all.length) }, () => all)
      .flat()
      .slice(0, count);
  return { label, program, setup: { ...hs256, ...more }, status: 200, requests };
}

/** Every request with a token that the service has never seen. */
function cold(algorithm: Setup['algorithm']): Candidate {
  const keys = makeKeys(algorithm, secret);
  const publicKey =
    algorithm === 'HS256' ? undefined : keys.publicKey.export({ type: 'spki', format: 'pem' });
  const requests = (count: number) =>
    Array.from({ length: count }, () => requestOf('/answer', sign(algorithm, keys.privateKey)));
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
    ...same('our guard, revoked token (401)', 'guarded', '/answer', [token], { revokedSession: sid }),
    status: 401,
  };
}
