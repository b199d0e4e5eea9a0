import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { SignJWT } from 'jose';
import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addClient, ACCESS_TOKEN, TOKEN_EXCHANGE, type RegisteredClient } from '../support/oauth.js';
import { operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  issuerHere,
  newPerson,
  type Tokens,
} from '../support/sessions.js';

const run = promisify(execFile);

/** Client libraries that we did not write; each finds the endpoints by the metadata alone. */
describe('OAuth clients of others', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let user: Tokens;
  let withSecret: RegisteredClient;
  let folder: string;
  let privateKey: KeyObject;
  let issuer: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foreign-'));
    replicas = await AuthReplicas.prepare();
    const environment = { ...replicas.environment, ...(await issuerHere()) };
    auth = await replicas.start(environment);
    issuer = auth.url;
    user = await beginSession(auth, await newPerson(auth));
    withSecret = await addClient(
      'with-secret',
      '--audience business --scope a --scope b --on-behalf-of-users',
      environment,
    );
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    ({ privateKey } = keys);
    await writeFile(join(folder, 'public.pem'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
    const options = ['--audience', 'business', '--scope', 'a', '--public-key', join(folder, 'public.pem')];
    await operateJson(['clients', 'add', 'with-key', ...options, '--on-behalf-of-users'], environment);
  });
  afterAll(async () => {
    await replicas.end();
    await rm(folder, { recursive: true });
  });

  const cryptoKey = () =>
    crypto.subtle.importKey(
      'pkcs8',
      new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    );

  describe.each(['with-secret', 'with-key'])('as %s', (client_id) => {
    it('oauth4webapi gets tokens for itself and for a user, asks about them, and ends them', async () => {
      const insecure = { [oauth.allowInsecureRequests]: true } as const;
      const discovery = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...insecure });
      const server = await oauth.processDiscoveryResponse(new URL(issuer), discovery);
      const client = { client_id };
      const proof =
        client_id === 'with-secret'
          ? oauth.ClientSecretBasic(withSecret.client_secret)
          : oauth.PrivateKeyJwt(await cryptoKey());
      const parameters = new URLSearchParams({ audience: 'business', scope: 'a' });
      const own = await oauth.processClientCredentialsResponse(
        server,
        client,
        await oauth.clientCredentialsGrantRequest(server, client, proof, parameters, insecure),
      );
      expect(claimsOf(own.access_token)).toMatchObject({ sub: client_id, aud: 'business', scope: 'a' });
      const exchanged = await oauth.processGenericTokenEndpointResponse(
        server,
        client,
        await oauth.genericTokenEndpointRequest(
          server,
          client,
          proof,
          TOKEN_EXCHANGE,
          new URLSearchParams({
            audience: 'business',
            subject_token: user.access_token,
            subject_token_type: ACCESS_TOKEN,
          }),
          insecure,
        ),
      );
      expect(claimsOf(exchanged.access_token)).toMatchObject({
        sid: claimsOf(user.access_token).sid,
        act: { sub: client_id },
      });
      const introspect = async () =>
        oauth.processIntrospectionResponse(
          server,
          client,
          await oauth.introspectionRequest(server, client, proof, own.access_token, insecure),
        );
      expect(await introspect()).toMatchObject({ active: true, client_id });
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, proof, own.access_token, insecure),
      );
      expect(await introspect()).toEqual({ active: false });
    });

    it('openid-client gets tokens for itself and for a user', async () => {
      const proof =
        client_id === 'with-secret'
          ? openid.ClientSecretBasic(withSecret.client_secret)
          : openid.PrivateKeyJwt(await cryptoKey());
      const config = await openid.discovery(new URL(issuer), client_id, undefined, proof, {
        algorithm: 'oauth2',
        execute: [openid.allowInsecureRequests],
      });
      const own = await openid.clientCredentialsGrant(config, { audience: 'business', scope: 'a' });
      expect(own).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'a' });
      const exchanged = await openid.genericGrantRequest(config, TOKEN_EXCHANGE, {
        audience: 'business',
        subject_token: user.access_token,
        subject_token_type: ACCESS_TOKEN,
      });
      expect(claimsOf(exchanged.access_token)['act']).toEqual({ sub: client_id });
      const denied = openid.clientCredentialsGrant(config, { audience: 'payments' });
      await expect(denied).rejects.toMatchObject({ error: 'invalid_target', status: 400 });
    });
  });

  describe('curl posts a form, as Spring does', () => {
    const token = async (...options: string[]) => {
      const headers = [
        'Accept: application/json',
        'Content-Type: application/x-www-form-urlencoded;charset=UTF-8',
      ];
      const { stdout } = await run('curl', [
        '-sS',
        ...headers.flatMap((header) => ['-H', header]),
        ...options,
        `${issuer}/oauth/token`,
      ]);
      return JSON.parse(stdout) as Record<string, unknown>;
    };

    it('with a secret (client_secret_basic)', async () => {
      const form = 'grant_type=client_credentials&scope=a+b&audience=business';
      const { access_token, ...rest } = await token(
        '--user',
        `with-secret:${withSecret.client_secret}`,
        '--data',
        form,
      );
      expect(rest).toEqual({ token_type: 'Bearer', expires_in: 300, scope: 'a b' });
      expect(claimsOf(String(access_token))['sub']).toBe('with-secret');
    });

    /** As `NimbusJwtClientAuthenticationParametersConverter` sends it: no `client_id`, `kid` in the header. */
    it('with a key (private_key_jwt), and not twice with one assertion', async () => {
      const assertion = await new SignJWT()
        .setProtectedHeader({ alg: 'ES256', kid: randomUUID() })
        .setIssuer('with-key')
        .setSubject('with-key')
        .setAudience(issuer)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('60s')
        .sign(privateKey);
      const form = [
        'grant_type=client_credentials',
        'scope=a',
        'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        `client_assertion=${assertion}`,
        'audience=business',
      ].flatMap((parameter) => ['--data-urlencode', parameter]);
      const { access_token, ...rest } = await token(...form);
      expect(rest).toEqual({ token_type: 'Bearer', expires_in: 300, scope: 'a' });
      expect(claimsOf(String(access_token))).toMatchObject({ sub: 'with-key', aud: 'business' });
      expect(await token(...form)).toMatchObject({ error: 'invalid_client' });
    });
  });
});
