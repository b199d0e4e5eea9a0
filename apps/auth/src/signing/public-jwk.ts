import { createHash, type KeyObject } from 'node:crypto';

/** Members that make up a public key, in the order that RFC 7638 §3.2 hashes them in (RFC 8037 §2 for `OKP`). */
const MEMBERS = { EC: ['crv', 'kty', 'x', 'y'], RSA: ['e', 'kty', 'n'], OKP: ['crv', 'kty', 'x'] } as const;

/** A public key without its name and use (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>>;

/** The public half of a key as a JWK: the members that {@link thumbprintOf} hashes, in their order, and no other. */
export function publicJwkOf(key: KeyObject): PublicJwk {
  const jwk = key.export({ format: 'jwk' });
  const members = MEMBERS[jwk.kty as keyof typeof MEMBERS];
  return Object.fromEntries(members.map((name) => [name, String(jwk[name])]));
}

/** RFC 7638: the same key has the same name everywhere, and no other key has it. */
export function thumbprintOf(jwk: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
}
