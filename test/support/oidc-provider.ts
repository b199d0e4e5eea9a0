import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { close, listen } from './listen.js';

/** A real OpenID provider that is not ours, with JWT access tokens for APIs (RFC 8707, RFC 9068). */
export interface ForeignIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** An access token of a user, as the provider makes it when a code is exchanged. */
  tokenOf(user: string, scope?: string, audience?: string): Promise<string>;
  /** An access token of a client for itself, by `client_credentials`. */
  tokenOfClient(scope: string): Promise<string>;
  idTokenOf(user: string): Promise<string>;
  stop(): Promise<void>;
}

const AUDIENCE = 'https://orders.example.com';
const CLIENT = { client_id: 'shop', client_secret: randomBytes(32).toString('hex') };

/** Starts a provider on a free port. */
export async function startOidcProvider(): Promise<ForeignIssuer> {
  const server = createServer();
  const issuer = await listen(server);
  const resource = (audience: string) => ({
    audience,
    scope: 'orders:read orders:write',
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: 300,
    jwt: { sign: { alg: 'RS256' as const } },
  });
  const provider = new Provider(issuer, {
    clients: [{ ...CLIENT, grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }],
    scopes: ['openid', 'orders:read', 'orders:write'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: (_context, indicator) => resource(indicator),
      },
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  const client = (await provider.Client.find(CLIENT.client_id))!;
  return {
    issuer,
    audience: AUDIENCE,
    async tokenOf(user, scope = 'orders:read', audience = AUDIENCE) {
      const token = new provider.AccessToken({
        accountId: user,
        client,
        scope,
        gty: 'authorization_code',
      } as never);
      Object.assign(token, { resourceServer: new provider.ResourceServer(audience, resource(audience)) });
      return token.save();
    },
    async tokenOfClient(scope) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope, resource: AUDIENCE });
      const { client_id: id, client_secret: secret } = CLIENT;
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
      const answered = await fetch(`${issuer}/token`, { method: 'POST', body, headers: { authorization } });
      const { access_token: token } = (await answered.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`the provider answered ${answered.status}`);
      return token;
    },
    async idTokenOf(user) {
      const token = new provider.IdToken({ sub: user }, { client });
      return token.issue({ use: 'idtoken' } as never);
    },
    stop: () => close(server),
  };
}
