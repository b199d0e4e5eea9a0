import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { close, listen } from './listen.js';

/** A key of somebody who signs assertions. */
export interface AssertionKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function assertionKey(kid: string = randomUUID(), alg = 'ES256'): Promise<AssertionKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs an assertion. @param changes claims, and `alg` and `typ` of the header */
export function assertion(
  { kid, privateKey, publicJwk }: AssertionKey,
  claims: JWTPayload,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: publicJwk.alg ?? 'ES256', kid, ...header })
    .sign(privateKey);
}

/** Somebody who publishes keys: a client, or the API server of a Kubernetes cluster. */
export class KeyPublisher {
  url = '';
  asked = 0;
  /** The `Authorization` header of the last request. */
  authorization: string | undefined;
  isAway = false;
  private readonly server = createServer((request, response) => {
    this.asked++;
    this.authorization = request.headers.authorization;
    if (this.isAway) response.writeHead(503).end();
    else response.end(JSON.stringify({ keys: this.keys.map(({ publicJwk }) => publicJwk) }));
  });

  private constructor(private readonly keys: readonly AssertionKey[]) {}

  static async start(...keys: AssertionKey[]): Promise<KeyPublisher> {
    const publisher = new KeyPublisher(keys);
    publisher.url = await listen(publisher.server);
    return publisher;
  }

  stop(): Promise<void> {
    return close(this.server);
  }
}
