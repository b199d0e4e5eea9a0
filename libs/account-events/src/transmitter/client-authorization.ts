import { SignJWT } from 'jose';
import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** How a service proves who it is. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** A private JWK or PEM. */
  readonly keyFile?: string | undefined;
  /** A token that something else renews, such as Kubernetes. */
  readonly assertionFile?: string | undefined;
  /** What an assertion is for. */
  readonly issuer: string;
}

/** Auth takes assertions of a minute at most. */
const LIFETIME = '50s';
const ALGORITHMS: Readonly<Record<string, string>> = { ec: 'ES256', rsa: 'RS256', ed25519: 'EdDSA' };

/**
 * The `Authorization` header by which auth knows a service: a secret (RFC 7617), or an assertion that is signed by the
 * service (RFC 7523) or by its platform.
 *
 * @returns nothing when there is no credential
 * @throws {Error} for a key that cannot be read
 */
export function clientAuthorization(
  credentials: ClientCredentials,
): (() => string | Promise<string>) | undefined {
  const { clientId, clientSecret, keyFile, assertionFile } = credentials;
  if (clientSecret !== undefined) return () => basic(clientId, clientSecret);
  if (keyFile !== undefined) return signedAssertion(credentials, keyFile);
  if (assertionFile !== undefined)
    return async () => `Bearer ${(await readFile(assertionFile, 'utf8')).trim()}`;
  return undefined;
}

/** Both halves are form-encoded first (RFC 6749 §2.3.1). */
function basic(id: string, secret: string): string {
  const [user, password] = [id, secret].map((text) => encodeURIComponent(text));
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function signedAssertion({ clientId, issuer }: ClientCredentials, keyFile: string): () => Promise<string> {
  const { key, alg, kid } = readKey(keyFile);
  return async () => {
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg, typ: 'JWT', ...(kid !== undefined && { kid }) })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(key);
    return `Bearer ${assertion}`;
  };
}

function readKey(file: string): { key: KeyObject; alg: string; kid: string | undefined } {
  const text = readFileSync(file, 'utf8');
  const jwk = text.trimStart().startsWith('{') ? (JSON.parse(text) as Record<string, string>) : undefined;
  const key = jwk ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPrivateKey(text);
  const alg = jwk?.['alg'] ?? ALGORITHMS[key.asymmetricKeyType ?? ''];
  if (alg === undefined) throw new Error(`a key of type ${key.asymmetricKeyType} cannot sign assertions`);
  return { key, alg, kid: jwk?.['kid'] };
}
