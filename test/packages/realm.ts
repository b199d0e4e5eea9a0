import { SigningKey, signCompact } from '@signet/jwt-shared/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Readonly<Record<string, unknown>>;

/** An issuer that is not ours, as Keycloak is one: discovery, a JWK set with several keys, roles in nested claims. */
export class Realm {
  readonly #key = new SigningKey('RS256', 'signing');
  readonly #other = new SigningKey('ES256', 'other');
  readonly #server = createServer(({ url }, response) => {
    const answers: Record<string, unknown> = {
      '/realms/shop/.well-known/openid-configuration': {
        issuer: this.issuer,
        jwks_uri: `${this.#origin}/certs`,
      },
      '/certs': { keys: [this.#key.jwk, this.#other.jwk] },
    };
    const answer = answers[url!];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
  });

  static async start(): Promise<Realm> {
    const realm = new Realm();
    await once(realm.#server.listen(0, '127.0.0.1'), 'listening');
    return realm;
  }

  get issuer(): string {
    return `${this.#origin}/realms/shop`;
  }

  /** An access token of a user, as Keycloak shapes it. */
  token(claims: Claims = {}, key = this.#key): string {
    const iat = Math.floor(Date.now() / 1000);
    const usual = {
      iss: this.issuer,
      aud: 'orders',
      sub: 'ada',
      typ: 'Bearer',
      azp: 'shop',
      iat,
      exp: iat + 300,
    };
    return signCompact(key, { alg: key.algorithm, typ: 'JWT', kid: key.kid }, { ...usual, ...claims });
  }

  /** One that is signed with a key of the realm, of an algorithm that a service has not named. */
  tokenOfOtherAlgorithm(): string {
    return this.token({}, this.#other);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}
