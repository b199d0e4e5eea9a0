import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FalseClock } from '../support/clock.js';
import { assertion, assertionKey, KeyPublisher, type AssertionKey } from '../support/fake-jwks.js';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import {
  addClient,
  basic,
  clientCredentials,
  JWT_BEARER,
  likeLogin,
  postForm,
  type RegisteredClient,
} from '../support/oauth.js';
import { operate, operateJson } from '../support/operator.js';
import type { Environment, RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, claimsOf, eventually, newPerson } from '../support/sessions.js';

const ISSUER = 'http://localhost:3000';
const CLUSTER = 'https://kubernetes.default.svc.cluster.local';
const now = () => Math.floor(Date.now() / 1000);
const strangers = (count: number) => Array.from({ length: count }, (_, index) => `stranger-${index}`);

describe('the authentication of clients', () => {
  let replicas: AuthReplicas;
  let environment: Environment;
  let auth: RunningService;
  let another: RunningService;
  let folder: string;
  let signer: AssertionKey;
  let rotated: AssertionKey;
  let clusterKey: AssertionKey;
  let publisher: KeyPublisher;
  let cluster: KeyPublisher;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clients-'));
    [signer, rotated, clusterKey] = await Promise.all([
      assertionKey(),
      assertionKey(),
      assertionKey('cluster', 'RS256'),
    ]);
    publisher = await KeyPublisher.start(rotated);
    cluster = await KeyPublisher.start(clusterKey);
    replicas = await AuthReplicas.prepare();
    environment = replicas.environment;
    const tokenFile = join(folder, 'token');
    const keyFile = join(folder, 'key.json');
    await writeFile(tokenFile, 'token-of-auth\n');
    await writeFile(keyFile, JSON.stringify(signer.publicJwk));
    const kubernetes = {
      KUBERNETES_ISSUER: CLUSTER,
      KUBERNETES_JWKS_URL: `${cluster.url}/openid/v1/jwks`,
      KUBERNETES_JWKS_TOKEN_FILE: tokenFile,
    };
    [auth, another] = await Promise.all([replicas.start(kubernetes), replicas.start(kubernetes)]);
    await addClient('signing', `--audience business --public-key ${keyFile}`, environment);
    await addClient('publishing', `--audience business --jwks-url ${publisher.url}/jwks`, environment);
    await addClient('pods', '--audience business --service-account shop/reports', environment);
  });
  afterAll(async () => {
    await replicas.end();
    await Promise.all([publisher.stop(), cluster.stop(), rm(folder, { recursive: true })]);
  });

  const statusOf = async (client: RegisteredClient) =>
    (await clientCredentials(auth, client, { audience: 'business' })).status;
  const byAssertion = (text: string, form = {}, { url } = auth) =>
    postForm(`${url}/oauth/token`, {
      grant_type: 'client_credentials',
      audience: 'business',
      client_assertion_type: JWT_BEARER,
      client_assertion: text,
      ...form,
    });
  const claims = (id: string, changes = {}) => ({
    iss: id,
    sub: id,
    aud: ISSUER,
    jti: randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...changes,
  });

  describe('by a secret', () => {
    let client: RegisteredClient;
    beforeAll(async () => {
      client = await addClient('secretive', '--audience business', environment);
    });

    it('is case sensitive, exact and form-encoded', async () => {
      expect(await statusOf(client)).toBe(200);
      const encoded = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
      const { client_id, client_secret } = client;
      const pair = Buffer.from(`${encoded(client_id)}:${encoded(client_secret)}`).toString('base64');
      const form = { grant_type: 'client_credentials', audience: 'business' };
      const answer = await postForm(`${auth.url}/oauth/token`, form, { authorization: `Basic ${pair}` });
      expect(answer.status).toBe(200);
      for (const secret of [client_secret.toUpperCase(), `${client_secret} `, client_secret.slice(0, -1), ''])
        expect(await statusOf({ client_id, client_secret: secret })).toBe(401);
    });

    it.each([
      ['an unknown client', { client_id: 'nobody', client_secret: 'x' }],
      ['what cannot be a client', { client_id: "'; drop table clients", client_secret: 'x' }],
      ['an id with a NUL', { client_id: 'secretive\0', client_secret: 'x' }],
      ['a client with a key and no secret', { client_id: 'signing', client_secret: '' }],
    ])('refuses %s with the one answer for all', async (_, wrong) => {
      const url = `${auth.url}/oauth/token`;
      const known = await postForm(url, {}, basic({ ...client, client_secret: 'wrong' }));
      const answer = await postForm(url, {}, basic(wrong));
      expect(known.status).toBe(401);
      expect(answer).toMatchObject({ status: 401, body: known.body });
      expect(answer.body.error).toBe('invalid_client');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it.each([
      ['in the form, where logs and proxies look', { client_id: 'secretive', client_secret: 'it' }, {}],
      ['not at all', {}, {}],
      ['not as base64', {}, { authorization: 'Basic ä' }],
      ['without a colon', {}, { authorization: `Basic ${Buffer.from('secretive').toString('base64')}` }],
      ['as a bearer token', {}, { authorization: 'Bearer it' }],
    ])('is not taken %s', async (_, form, headers) => {
      const filled = JSON.parse(
        JSON.stringify([form, headers]).replaceAll('"it"', JSON.stringify(client.client_secret)),
      );
      const grant = { grant_type: 'client_credentials', audience: 'business' };
      const { status, body } = await postForm(
        `${auth.url}/oauth/token`,
        { ...grant, ...filled[0] },
        filled[1],
      );
      expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
    });

    it.each([
      ['another in the form', { client_secret: 'x' }],
      ['the same in the form', { client_secret: 'it' }],
      ['an assertion', { client_assertion_type: JWT_BEARER, client_assertion: 'a.b.c' }],
    ])('is not taken beside %s: one way at a time', async (_, more) => {
      const others = JSON.parse(JSON.stringify(more).replace('"it"', `"${client.client_secret}"`)) as object;
      const form = { grant_type: 'client_credentials', audience: 'business', ...others };
      expect(await postForm(`${auth.url}/oauth/token`, form, basic(client))).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    });

    it.each([
      ['a percent sign that encodes nothing', 'secretive:%zz'],
      ['a name that ends within a character', '%e0%a4:x'],
      ['no name', ':it'],
      ['colons alone', '::::'],
      ['an encoded colon in place of the one between', 'secretive%3Ait'],
      ['its name behind white space', ' secretive:it'],
      ['its name in another script of Unicode', '\uff53ecretive:it'],
    ])('is read exactly: %s is refused', async (_, pair) => {
      const text = pair.replace('it', client.client_secret);
      const authorization = `Basic ${Buffer.from(text).toString('base64')}`;
      const form = { grant_type: 'client_credentials', audience: 'business' };
      expect(await postForm(`${auth.url}/oauth/token`, form, { authorization })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
    });

    it('stays good for a while when it is rotated, and not with --now', async () => {
      const second = await operateJson<RegisteredClient>(
        ['clients', 'rotate-secret', 'secretive'],
        environment,
      );
      expect([await statusOf(client), await statusOf(second)]).toEqual([200, 200]);
      const third = await operateJson<RegisteredClient>(
        ['clients', 'rotate-secret', 'secretive'],
        environment,
      );
      expect([await statusOf(client), await statusOf(second), await statusOf(third)]).toEqual([
        401, 200, 200,
      ]);
      await replicas.query(`update clients set previous_secret_until = now() where id = 'secretive'`);
      expect([await statusOf(second), await statusOf(third)]).toEqual([401, 200]);
      const last = await operateJson<RegisteredClient>(
        ['clients', 'rotate-secret', 'secretive', '--now'],
        environment,
      );
      expect([await statusOf(third), await statusOf(last)]).toEqual([401, 200]);
      client = last;
    });

    it('is in the database as a hash only, and in no log', async () => {
      const rows = JSON.stringify(await replicas.query('select * from clients'));
      const audit = JSON.stringify(await replicas.query('select * from audit_events'));
      const bytes = Buffer.from(client.client_secret);
      for (const text of [rows, audit, auth.output()]) {
        expect(text).not.toContain(client.client_secret);
        expect(text).not.toContain(JSON.stringify([...bytes]));
      }
    });
  });

  describe('by an assertion of its own', () => {
    it.each([
      ['signing', () => signer],
      ['publishing', () => rotated],
    ])('lets %s in', async (id, key) => {
      const { status, body } = await byAssertion(await assertion(key(), claims(id)));
      expect(status).toBe(200);
      expect(claimsOf(body.access_token).sub).toBe(id);
      expect(
        (await byAssertion(await assertion(key(), claims(id, { aud: [ISSUER] })), { client_id: id })).status,
      ).toBe(200);
    });

    it.each([
      ['for another audience', { aud: 'https://other.example' }],
      ['for the token endpoint instead of the issuer', { aud: `${ISSUER}/oauth/token` }],
      ['for us and others', { aud: [ISSUER, 'https://other.example'] }],
      ['without an audience', { aud: undefined }],
      ['of another subject', { sub: 'publishing' }],
      ['of another issuer', { iss: 'publishing' }],
      ['that has expired', { iat: now() - 120, exp: now() - 60 }],
      ['that lives too long', { iat: now(), exp: now() + 61 }],
      ['that lives too long from no start', { iat: undefined, exp: now() + 600 }],
      ['that lives too long from a later start', { iat: now() - 30, exp: now() + 31 }],
      ['without an end', { exp: undefined }],
      ['from the future', { iat: now() + 60, exp: now() + 100 }],
      ['that is not valid yet', { nbf: now() + 60 }],
      ['without an id', { jti: undefined }],
      ['with an id that is a number', { jti: 7 as unknown as string }],
    ])('refuses one %s', async (_, changes) => {
      const { status, body } = await byAssertion(await assertion(signer, claims('signing', changes)));
      expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
    });

    it("refuses one with another client's key, whatever kid it names", async () => {
      const confused = { ...rotated, kid: signer.kid };
      expect((await byAssertion(await assertion(confused, claims('signing')))).status).toBe(401);
      expect(
        (await byAssertion(await assertion({ ...signer, kid: rotated.kid }, claims('publishing')))).status,
      ).toBe(401);
    });

    it('refuses one that brings its own key, is not signed, or is an access token', async () => {
      const own = await assertionKey();
      const { alg: _, ...jwk } = own.publicJwk;
      const withKey = await assertion(own, claims('signing'), { jwk, jku: `${publisher.url}/jwks` });
      const none = [{ alg: 'none' }, claims('signing')].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url'),
      );
      const typed = await assertion(signer, claims('signing'), { typ: 'at+jwt' });
      for (const text of [withKey, `${none.join('.')}.`, typed])
        expect((await byAssertion(text)).status).toBe(401);
    });

    it('takes it once: of many who show it at two replicas at the same time, one is let in', async () => {
      const text = await assertion(signer, claims('signing'));
      const all = Array.from({ length: 10 }, (_, index) =>
        byAssertion(text, {}, index % 2 === 0 ? auth : another),
      );
      const statuses = (await Promise.all(all)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200).length).toBe(1);
      expect((await byAssertion(text, {}, another)).status).toBe(401);
    });

    it('does not take it again at a replica whose clock is behind, when its use is on record no more', async () => {
      const clock = new FalseClock();
      clock.set(-600_000);
      const behind = await replicas.start({ NODE_OPTIONS: clock.nodeOptions });
      const old = await assertion(signer, claims('signing', { iat: now() - 600, exp: now() - 540 }));
      expect((await byAssertion(old, {}, behind)).status).toBe(401);
      await behind.stop();
    });

    it('does not take it again when the client was removed and added meanwhile', async () => {
      const keyFile = join(folder, 'again.json');
      const key = await assertionKey();
      await writeFile(keyFile, JSON.stringify(key.publicJwk));
      const options = `--audience business --public-key ${keyFile}`;
      await addClient('again', options, environment);
      const text = await assertion(key, claims('again'));
      expect((await byAssertion(text)).status).toBe(200);
      await operateJson(['clients', 'remove', 'again'], environment);
      await addClient('again', options, environment);
      expect((await byAssertion(text)).status).toBe(401);
      expect((await byAssertion(await assertion(key, claims('again')))).status).toBe(200);
    });

    it('is not mixed with a secret', async () => {
      const text = await assertion(signer, claims('signing'));
      const form = {
        client_assertion_type: JWT_BEARER,
        client_assertion: text,
        grant_type: 'client_credentials',
      };
      const { status, body } = await postForm(
        `${auth.url}/oauth/token`,
        form,
        basic({ client_id: 'signing', client_secret: 'x' }),
      );
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_request' });
    });

    it('says that the keys of a client are away, and asks for them seldom', async () => {
      const away = await KeyPublisher.start();
      away.isAway = true;
      await addClient('away', `--audience business --jwks-url ${away.url}/jwks`, environment);
      for (let count = 0; count < 5; count++) {
        const { status, body } = await byAssertion(await assertion(rotated, claims('away')));
        expect({ status, code: (body as unknown as { code: string }).code }).toEqual({
          status: 503,
          code: 'CLIENT_KEYS_UNAVAILABLE',
        });
      }
      expect(away.asked).toBe(1);
      await away.stop();
    });
  });

  describe('by a service account of Kubernetes', () => {
    const pod = (changes = {}) => ({
      iss: CLUSTER,
      sub: 'system:serviceaccount:shop:reports',
      aud: [ISSUER],
      iat: now() - 1800,
      exp: now() + 1800,
      'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'reports' } },
      ...changes,
    });

    it('lets the pods of the account in, as often as they ask while the token is good', async () => {
      const token = await assertion(clusterKey, pod());
      for (let count = 0; count < 2; count++) {
        const { status, body } = await byAssertion(token, { client_id: 'pods' });
        expect(status).toBe(200);
        expect(claimsOf(body.access_token).sub).toBe('pods');
      }
      expect(cluster.authorization).toBe('Bearer token-of-auth');
    });

    it.each([
      ['of another account', { sub: 'system:serviceaccount:shop:orders' }],
      ['of another namespace', { sub: 'system:serviceaccount:other:reports' }],
      ['of a name that only begins like it', { sub: 'system:serviceaccount:shop:reports2' }],
      ['of the account that every pod has', { sub: 'system:serviceaccount:shop:default' }],
      ['of a user', { sub: 'shop/reports' }],
      ['for the API server', { aud: ['https://kubernetes.default.svc'] }],
      ['for us and the API server', { aud: [ISSUER, 'https://kubernetes.default.svc'] }],
      ['that never ends', { exp: undefined, aud: undefined }],
      ['that has expired', { exp: now() - 60 }],
      ['of another cluster', { iss: 'https://another.cluster' }],
    ])('refuses a token %s', async (_, changes) => {
      const { status, body } = await byAssertion(await assertion(clusterKey, pod(changes)));
      expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
    });

    it("refuses a token that the cluster has not signed, and one for another client's name", async () => {
      const forged = { ...(await assertionKey('cluster', 'RS256')), kid: 'cluster' };
      expect((await byAssertion(await assertion(forged, pod()))).status).toBe(401);
      expect((await byAssertion(await assertion(clusterKey, pod()), { client_id: 'signing' })).status).toBe(
        401,
      );
    });

    it('is no way in for a client with a key, and a key is none for a service account', async () => {
      expect((await byAssertion(await assertion(clusterKey, claims('signing')))).status).toBe(401);
      expect((await byAssertion(await assertion(signer, claims('pods')))).status).toBe(401);
    });
  });

  it('a client whose id is that of a user cannot be made', async () => {
    const { access_token } = await beginSession(auth, await newPerson(auth));
    const { sub } = claimsOf(access_token);
    const id = `a${sub.slice(1)}`;
    for (const taken of [sub, id]) {
      const { code, stderr } = await operate(
        ['clients', 'add', taken, '--audience', 'business'],
        environment,
      );
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('neither a UUID') });
    }
  });

  it('failures behind a network, and by the name of a client, lock no client out that shows who it is', async () => {
    const limited = await replicas.start({ RATE_LIMITS: 'on' });
    const client = await addClient('neighbour', '--audience business', environment);
    const fail = (id: string) => clientCredentials(limited, { client_id: id, client_secret: 'x' }, {});
    for (const id of [...Array.from({ length: 40 }, () => 'neighbour'), ...strangers(300)]) await fail(id);
    expect((await fail('neighbour')).status).toBe(429);
    expect((await fail('one-more-stranger')).status).toBe(429);
    expect((await clientCredentials(limited, client, { audience: 'business' })).status).toBe(200);
    const form = {
      grant_type: 'client_credentials',
      audience: 'business',
      client_assertion_type: JWT_BEARER,
      client_assertion: await assertion(signer, claims('signing')),
    };
    expect((await postForm(`${limited.url}/oauth/token`, form)).status).toBe(200);
    expect((await postForm(`${limited.url}/oauth/token`, form)).status).toBe(429);
  });

  it('ten thousand wrong secrets are counted, soon recorded no more, and lock nobody out', async () => {
    const limited = await replicas.start({ RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' });
    const client = await addClient('attacked', '--audience business', environment);
    const attempt = (secret: string, ip: string) =>
      postForm(
        `${limited.url}/oauth/token`,
        { grant_type: 'client_credentials', audience: 'business' },
        { ...basic({ ...client, client_secret: secret }), 'x-forwarded-for': ip },
      );
    const statuses = new Map<number, number>();
    for (let count = 0; count < 10_000; count += 50) {
      const guesses = Array.from({ length: 50 }, () => attempt(randomUUID(), '192.0.2.1'));
      for (const { status } of await Promise.all(guesses))
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(new Set(statuses.keys())).toEqual(new Set([401, 429]));
    expect(statuses.get(401)).toBeLessThan(200);
    for (const ip of ['192.0.2.1', '192.0.2.2'])
      expect((await attempt(client.client_secret, ip)).status).toBe(200);
    const refused = await attempt(randomUUID(), '192.0.2.1');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(
      (await readMetrics(limited)).get('client_authentications_total{outcome="throttled"}'),
    ).toBeGreaterThan(9_000);
    const failed = await replicas.query(
      `select 1 from audit_events where event = 'client_authentication' and outcome = 'failed' and subject = 'attacked'`,
    );
    expect(failed.length).toBe(statuses.get(401));
  }, 180_000);

  it('a client that is removed, and one added by its name, have nothing in common: a request under way is refused', async () => {
    const [old, young] = await Promise.all([assertionKey(), assertionKey()]);
    const user = await beginSession(auth, await newPerson(auth));
    const token = await likeLogin(replicas.secrets.JWT_SECRET, user.access_token, {
      roles: ['admin'],
      auth_time: now(),
    });
    const change = (method: string, body?: object) =>
      request(method, `${auth.url}/admin/clients/replaced`, { token, ...(body && { body }) });
    const add = ({ publicJwk }: AssertionKey) =>
      change('POST', {
        grants: [{ audience: 'business', scopes: [] }],
        public_key: JSON.stringify(publicJwk),
      });
    expect((await add(old)).status).toBe(201);
    const jti = randomUUID();
    const connection = await replicas.connect();
    await connection.query('begin');
    await connection.query('insert into used_assertions values ($1, $2, now())', [
      'replaced',
      createHash('sha256').update(jti).digest(),
    ]);
    // Verified by the key of the client that is there, it waits to be noted as used.
    const late = byAssertion(await assertion(old, claims('replaced', { jti })));
    await eventually(async () => {
      const waiting = await replicas.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    expect((await change('DELETE')).status).toBe(204);
    expect((await add(young)).status).toBe(201);
    await connection.query('rollback');
    await connection.end();
    expect(await late).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await byAssertion(await assertion(young, claims('replaced')))).status).toBe(200);
  });

  it('a client gets only so many tokens a minute, at all replicas together', async () => {
    const few = { RATE_LIMITS: 'on', CLIENT_TOKENS_PER_MINUTE: '10' };
    const pair = await Promise.all([replicas.start(few), replicas.start(few)]);
    const client = await addClient('greedy', '--audience business', environment);
    const other = await addClient('modest', '--audience business', environment);
    const all = Array.from({ length: 30 }, (_, index) =>
      clientCredentials(pair[index % 2]!, client, { audience: 'business' }),
    );
    const answers = await Promise.all(all);
    expect(answers.filter(({ status }) => status === 200).length).toBe(10);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await clientCredentials(pair[0], other, { audience: 'business' })).status).toBe(200);
    // It has shown who it is all the same.
    const letIn = async () =>
      (await readMetrics(pair[0])).get('client_authentications_total{outcome="ok"}') ?? 0;
    const before = await letIn();
    expect((await clientCredentials(pair[0], client, { audience: 'business' })).status).toBe(429);
    expect(await letIn()).toBe(before + 1);
  });
});
