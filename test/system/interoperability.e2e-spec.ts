import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import express from 'express';
import { auth as bearer } from 'express-oauth2-jwt-bearer';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { request } from '../support/http.js';
import { close, listen } from '../support/listen.js';
import { pythonWith } from '../support/python.js';
import { newKeyRing } from '../support/secrets.js';
import { AuthReplicas, beginSession, claimsOf, issuerHere, newPerson } from '../support/sessions.js';

const run = promisify(execFile);
const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;

const PYTHON = pythonWith('jwt, cryptography', 'python3-jwt, python3-cryptography');

/** PyJWT fetches the set itself, picks the key by `kid` and checks the token. */
const PYJWT = `
import sys, jwt
url, token, issuer, algorithm = sys.argv[1:]
key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token)
claims = jwt.decode(token, key.key, algorithms=[algorithm], audience='signet', issuer=issuer)
print(claims['sub'])
`;

/** Clients that know nothing of us but the issuer, through discovery (RFC 8414) and the JWK set (RFC 7517). */
describe.each(ALGORITHMS)('a token signed with %s is verified by', (algorithm) => {
  let replicas: AuthReplicas;
  let issuer: string;
  let token: string;
  let subject: string;

  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    const auth = await replicas.start({ ...(await issuerHere()), ...newKeyRing(algorithm) });
    issuer = auth.url;
    token = (await beginSession(auth, await newPerson(auth))).access_token;
    subject = claimsOf(token).sub;
  });
  afterAll(() => replicas.end());

  const forged = (): string => `${token.slice(0, -8)}AAAAAAAA`;

  it('jose', async () => {
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const options = { issuer, audience: 'signet', typ: 'at+jwt' };
    expect((await jwtVerify(token, keys, options)).payload.sub).toBe(subject);
    await expect(jwtVerify(forged(), keys, options)).rejects.toThrow('signature verification failed');
  });

  it('oauth4webapi, as the RFC 9068 resource server', async () => {
    const options = { algorithm: 'oauth2', [oauth.allowInsecureRequests]: true } as const;
    const url = new URL(issuer);
    const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
    const asked = (credential: string): Promise<oauth.JWTAccessTokenClaims> =>
      oauth.validateJwtAccessToken(
        server,
        new Request('http://api.example.org/', { headers: { authorization: `Bearer ${credential}` } }),
        'signet',
        { [oauth.allowInsecureRequests]: true },
      );
    expect((await asked(token)).sub).toBe(subject);
    await expect(asked(forged())).rejects.toThrow();
  });

  (PYTHON ? it : it.skip)('PyJWT', async () => {
    const url = `${issuer}/.well-known/jwks.json`;
    const python = (credential: string) =>
      run(PYTHON ?? '', ['-c', PYJWT, url, credential, issuer, algorithm]);
    expect((await python(token)).stdout.trim()).toBe(subject);
    await expect(python(forged())).rejects.toThrow('InvalidSignatureError');
  });

  it('express-oauth2-jwt-bearer', async () => {
    const app = express();
    app.use(bearer({ issuerBaseURL: issuer, audience: 'signet', tokenSigningAlg: algorithm, strict: true }));
    app.get('/', (req, res) => void res.json({ sub: req.auth?.payload.sub }));
    const server = createServer(app);
    const url = await listen(server);
    expect(await request('GET', url, { token })).toMatchObject({ status: 200, body: { sub: subject } });
    expect((await request('GET', url, { token: forged() })).status).toBe(401);
    await close(server);
  });
});
