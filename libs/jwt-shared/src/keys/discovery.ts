import { fetchJson, type JsonRequest } from './json.fetch.js';

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

/**
 * Where an issuer says that its JWK set is: by OpenID Connect Discovery 1.0 §4, which puts the well-known path behind
 * the issuer's own, or by RFC 8414 §3, which puts it before. Metadata that speaks of another issuer, to the character,
 * is not this issuer's (RFC 8414 §3.3), and an issuer at https has its keys there too.
 *
 * @throws {Error} that says what was tried, when neither gives a JWK set
 */
export async function discoverJwksUri(issuer: string, request: JsonRequest): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const faults: string[] = [];
  for (const url of new Set([`${origin}${path}${OPENID}`, `${origin}${OAUTH}${path}`])) {
    try {
      const { body } = await fetchJson(url, request);
      return jwksUriOf(body, issuer);
    } catch (error) {
      request.signal.throwIfAborted();
      faults.push(`${url}: ${(error as Error).message}`);
    }
  }
  throw new Error(faults.join('; '));
}

function jwksUriOf(metadata: Readonly<Record<string, unknown>>, issuer: string): string {
  const { issuer: named, jwks_uri: uri } = metadata;
  if (named !== issuer) throw new Error(`the issuer there is ${JSON.stringify(named)}, not ${issuer}`);
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && issuer.startsWith('http:'));
  if (typeof uri !== 'string' || !isAllowed) throw new Error('no jwks_uri that can be trusted');
  return uri;
}
