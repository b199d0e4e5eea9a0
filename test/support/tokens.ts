import { SignJWT, type JWTPayload } from 'jose';

/** An HS256 token made by a library that is not ours, in profile `rfc9068` unless `claims` and `typ` say otherwise. */
export function forge(secret: string, claims: JWTPayload = {}, typ = 'at+jwt'): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload: JWTPayload = {
    iss: 'http://localhost:3000',
    aud: ['signet', 'auth'],
    sub: 'somebody',
    client_id: 'first-party',
    jti: 'one',
    sid: 'session',
    iat: now,
    exp: now + 300,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ }).sign(Buffer.from(secret));
}
