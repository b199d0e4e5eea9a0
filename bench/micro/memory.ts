import {
  AccessTokenVerifier,
  NO_REVOCATIONS,
  RevocationList,
  SharedSecretSource,
  TokenStanding,
  VerifiedTokenCache,
} from '@signet/jwt-shared';
import { randomUUID } from 'node:crypto';
import { AUDIENCE, ISSUER, type Setup } from '../protocol.js';
import { makeKeys, sign } from '../sign.js';

/** Bytes of heap and buffers. */
export interface MemoryFigures {
  readonly cachedTokens: number;
  readonly cachedTokensBytes: number;
  /** What the cache holds when as many tokens again have been added: its limits keep it from growing. */
  readonly cacheAfterMoreBytes: number;
  readonly revocations: number;
  readonly revocationsBytes: number;
}

const TOKENS = 100_000;
const REVOCATIONS = 10_000;

/**
 * Fills a cache with 100,000 tokens and a list with 10,000 revocations, and tells what they hold.
 *
 * @throws {Error} when the cache does not hold so many: then its memory would say nothing
 */
export async function measureMemory({ secret }: Setup): Promise<MemoryFigures> {
  const keys = new SharedSecretSource(secret);
  const options = {
    algorithm: 'HS256',
    issuer: ISSUER,
    audiences: [AUDIENCE],
    profile: 'rfc9068',
    clockTolerance: 5,
  } as const;
  const verifier = new AccessTokenVerifier(options, keys, NO_REVOCATIONS);
  const cache = new VerifiedTokenCache(new TokenStanding(options.clockTolerance, keys, NO_REVOCATIONS));
  const { privateKey } = makeKeys('HS256', secret);

  const fill = async () => {
    for (let count = 0; count < TOKENS; count++) {
      // As it comes from a socket: a slice of a larger string would keep that alive.
      const token = Buffer.from(sign('HS256', privateKey)).toString('latin1');
      cache.add(token, await verifier.verify(token));
    }
    return memory();
  };

  const empty = memory();
  const cached = await fill();
  if (cache.size !== TOKENS) throw new Error(`the cache holds ${cache.size} tokens instead of ${TOKENS}`);
  const more = await fill();
  const list = new RevocationList();
  revoke(list, REVOCATIONS);
  const revoked = memory();
  return {
    cachedTokens: cache.size,
    cachedTokensBytes: cached - empty,
    cacheAfterMoreBytes: more - empty,
    revocations: list.size,
    revocationsBytes: revoked - more,
  };
}

/** A function of its own: what it has added is not kept alive by anything but the list. */
function revoke(list: RevocationList, count: number): void {
  const until = Math.floor(Date.now() / 1000) + 3600;
  list.add(Array.from({ length: count }, () => ({ kind: 'session', id: randomUUID(), until })));
}

function memory(): number {
  // Twice: what the first run finds unreachable may hold more that only the second can free.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
