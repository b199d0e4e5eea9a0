import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../support/deployment.js';
import { EventReceiver, startTransmitter, type Transmitter } from '../support/event-receiver.js';
import { request } from '../support/http.js';
import { addClient, basic, clientCredentials, type RegisteredClient } from '../support/oauth.js';
import { operate, operateJson } from '../support/operator.js';
import type { Environment, RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  eventually,
  newPerson,
  tryRefresh,
} from '../support/sessions.js';

const PURGED = 'https://schemas.openid.net/secevent/risc/event-type/account-purged';

describe('account events of auth, for a receiver that knows the standards alone', () => {
  let replicas: AuthReplicas;
  let environment: Environment;
  let auth: RunningService;
  let transmitter: Pick<Transmitter, 'addReceiver'>;
  let issuer: string;
  let crm: RegisteredClient;
  let receiver: EventReceiver;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    ({ auth, environment, issuer, ...transmitter } = await startTransmitter(replicas));
    ({ client: crm, receiver } = await transmitter.addReceiver('crm'));
  });
  beforeEach(() => receiver.drain());
  afterAll(() => replicas.end());

  async function somebody() {
    const email = await newPerson(auth);
    const tokens = await beginSession(auth, email);
    const { sub, sid } = claimsOf(tokens.access_token);
    return { email, ...tokens, token: tokens.access_token, sub, sid };
  }
  const remove = (token: string) =>
    request('DELETE', `${auth.url}/auth/me`, { token, body: { password: PASSWORD } });
  const typesOf = async () => (await receiver.drain()).map(({ type, userId }) => [type, userId]);

  it('are published in the metadata, and the stream is there from when the client has the scope', async () => {
    const { body: metadata } = await request('GET', `${issuer}/.well-known/ssf-configuration`);
    expect(metadata).toMatchObject({
      spec_version: '1_0',
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      delivery_methods_supported: ['urn:ietf:rfc:8936'],
      configuration_endpoint: `${issuer}/ssf/streams`,
      default_subjects: 'ALL',
    });
    const { body: streams } = await receiver.call<Record<string, unknown>[]>('GET', 'configuration_endpoint');
    expect(streams).toEqual([
      {
        stream_id: expect.any(String),
        iss: issuer,
        aud: 'crm',
        events_supported: expect.arrayContaining([PURGED]),
        events_requested: streams[0]!['events_supported'],
        events_delivered: streams[0]!['events_supported'],
        delivery: { method: 'urn:ietf:rfc:8936', endpoint_url: `${issuer}/ssf/poll` },
        min_verification_interval: 10,
      },
    ]);
  });

  it('tell of a deleted account, in the order of its end, and again until that is acknowledged', async () => {
    const { token, sub } = await somebody();
    expect((await remove(token)).status).toBe(204);
    const events = await receiver.poll();
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ['sessions-revoked', { format: 'iss_sub', iss: issuer, sub }],
      ['account-purged', { format: 'iss_sub', iss: issuer, sub }],
    ]);
    expect(events[1]!.payload).not.toHaveProperty('sub');
    expect(events[1]!.payload).not.toHaveProperty('exp');
    expect((await receiver.poll()).map(({ jti }) => jti)).toEqual(events.map(({ jti }) => jti));
    const [first, second] = events.map(({ jti }) => jti);
    expect((await receiver.poll({ returnImmediately: true, ack: [first] })).map(({ jti }) => jti)).toEqual([
      second,
    ]);
    expect(await receiver.poll({ returnImmediately: true, ack: [second] })).toEqual([]);
  });

  it('tell of every end of a session, of passwords and addresses, wherever the change comes from', async () => {
    const person = await somebody();
    const { sub } = person;
    await request('POST', `${auth.url}/auth/logout`, { token: person.token });
    const [logout] = await receiver.drain();
    expect(logout).toMatchObject({
      type: 'session-revoked',
      subject: {
        format: 'complex',
        user: { format: 'iss_sub', iss: issuer, sub },
        session: { format: 'opaque', id: person.sid },
      },
      claims: { initiating_entity: 'user', event_timestamp: expect.any(Number) },
    });

    const [kept, other] = [await beginSession(auth, person.email), await beginSession(auth, person.email)];
    const { status } = await request('POST', `${auth.url}/auth/password`, {
      token: kept.access_token,
      body: { current_password: PASSWORD, new_password: 'another long and quiet evening' },
    });
    expect(status).toBe(204);
    const changed = await receiver.drain();
    expect(changed.map(({ type }) => type)).toEqual(['credential-change', 'session-revoked']);
    expect(changed[0]!.claims).toMatchObject({ credential_type: 'password', change_type: 'update' });
    expect((changed[1]!.subject['session'] as { id: string }).id).toBe(claimsOf(other.access_token).sid);

    const stolen = kept.refresh_token;
    for (let token: unknown = stolen, use = 0; use < 2; use++)
      token = (await tryRefresh(auth, token)).body['refresh_token'];
    expect((await tryRefresh(auth, stolen)).status).toBe(401);
    expect((await receiver.drain()).map(({ type, claims }) => [type, claims['initiating_entity']])).toEqual([
      ['session-revoked', 'policy'],
    ]);
  });

  it('tell of sessions whose time is over', async () => {
    const { sub, sid } = await somebody();
    const [other] = [await replicas.start({ ...environment, PORT: '0', CLEANING_INTERVAL_SECONDS: '1' })];
    await replicas.age(100 * 86_400);
    const isTold = async () =>
      (await receiver.drain()).some(
        ({ type, userId, subject, claims }) =>
          type === 'session-revoked' &&
          userId === sub &&
          (subject['session'] as { id: string }).id === sid &&
          claims['initiating_entity'] === 'system',
      );
    await eventually(isTold);
    await other.stop();
  });

  it('wait for a poll that waits, whichever replica made the change', async () => {
    const other = await replicas.start({ ...environment, PORT: '0' });
    const { token } = await somebody();
    const waiting = receiver.poll({});
    await request('DELETE', `${other.url}/auth/me`, { token, body: { password: PASSWORD } });
    expect((await waiting).length).toBeGreaterThan(0);
    await other.stop();
  });

  it('are verified on demand, by the opaque id of the stream', async () => {
    const { body: streams } = await receiver.call<{ stream_id: string }[]>('GET', 'configuration_endpoint');
    const { stream_id } = streams[0]!;
    const verify = (body: object) => receiver.call('POST', 'verification_endpoint', body);
    for (const state of ['\0', '\ud800', 'a'.repeat(1_025)])
      expect((await verify({ stream_id, state })).status).toBe(400);
    expect((await verify({ stream_id, state: 'a "state"' })).status).toBe(204);
    const [event] = await receiver.drain();
    expect(event).toMatchObject({
      type: 'verification',
      subject: { format: 'opaque', id: stream_id },
      claims: { state: 'a "state"' },
    });
    expect((await verify({ stream_id })).status).toBe(429);
    expect((await verify({ stream_id: randomUUID() })).status).toBe(404);
    const { body } = await request('GET', `${issuer}/ssf/status?stream_id=${stream_id}`, {
      headers: basic(crm),
    });
    expect(body).toEqual({ stream_id, status: 'enabled' });
  });

  it('take null for what is left out', async () => {
    const client = await addClient('nullable', '--audience nullable --scope events', environment);
    const other = await EventReceiver.discover(issuer, client);
    const { body: streams } = await other.call<{ stream_id: string }[]>('GET', 'configuration_endpoint');
    const { stream_id } = streams[0]!;
    const nothing = { ack: null, setErrs: null, maxEvents: null };
    expect((await other.ask({ ...nothing, returnImmediately: true })).status).toBe(200);
    const change = { stream_id, description: null, events_requested: null, delivery: null };
    expect((await other.call('PATCH', 'configuration_endpoint', change)).status).toBe(200);
    const verification = { stream_id, state: null };
    expect((await other.call('POST', 'verification_endpoint', verification)).status).toBe(204);
  });

  it('are of the types that the receiver has chosen, and types that auth does not know are ignored', async () => {
    const client = await addClient('choosy', '--audience choosy --scope events', environment);
    const choosy = await EventReceiver.discover(issuer, client);
    const { body: streams } = await choosy.call<{ stream_id: string }[]>('GET', 'configuration_endpoint');
    const change = (events_requested: unknown) =>
      choosy.call('PATCH', 'configuration_endpoint', { stream_id: streams[0]!.stream_id, events_requested });
    const { body } = await change([PURGED, 'https://example.org/events/party']);
    expect(body).toMatchObject({ events_requested: [PURGED], events_delivered: [PURGED] });
    const { token } = await somebody();
    await remove(token);
    expect((await choosy.drain()).map(({ type }) => type)).toEqual(['account-purged']);
    expect((await change('everything')).status).toBe(400);
    expect((await choosy.call('POST', 'configuration_endpoint', {})).status).toBe(409);

    expect((await choosy.call('DELETE', 'configuration_endpoint')).status).toBe(204);
    expect((await choosy.ask({})).status).toBe(404);
    expect((await choosy.call('POST', 'configuration_endpoint', {})).status).toBe(201);
    expect(await choosy.poll()).toEqual([]);
  });

  it('are given to no one else: not without a client, to a client without the scope, or one that was shut out', async () => {
    const plain = await addClient('plain', '--audience business --scope tasks:read', environment);
    const poll = (headers: Readonly<Record<string, string>>) =>
      request('POST', `${issuer}/ssf/poll`, { headers, body: { returnImmediately: true } });
    const { token } = await somebody();
    for (const headers of [
      {},
      { authorization: `Bearer ${token}` },
      basic({ ...crm, client_secret: 'wrong' }),
      basic({ ...crm, client_id: 'nobody' }),
    ]) {
      const { status, body, headers: answered } = await poll(headers);
      expect([status, body['code']]).toEqual([401, 'INVALID_CLIENT']);
      expect(answered.get('www-authenticate')).toContain('Basic');
    }
    const { status, body } = await poll(basic(plain));
    expect([status, body['code']]).toEqual([403, 'INSUFFICIENT_SCOPE']);
    // What the scope is granted for gives no token for auth's own routes.
    const own = await clientCredentials(auth, crm, { audience: 'auth' });
    expect([own.status, own.body.error]).toEqual([400, 'invalid_target']);

    const untilRefused = async () => {
      for (;;) {
        const answer = await receiver.ask({});
        if (answer.status !== 200) return answer.status;
      }
    };
    const waiting = untilRefused();
    await operate(['clients', 'disable', 'crm'], environment);
    // Though nothing has happened that it could be told of.
    expect(await waiting).toBe(401);
    await remove(token);
    expect((await poll(basic(crm))).status).toBe(401);
    await operate(['clients', 'enable', 'crm'], environment);
    expect(await typesOf()).toContainEqual(['account-purged', claimsOf(token).sub]);
  });

  it.each<[string, unknown]>([
    ['a negative number of events', { maxEvents: -1 }],
    ['acknowledgements that are no list', { ack: 'all' }],
    ['acknowledgements that are no texts', { ack: [{}] }],
    ['errors that are no objects', { setErrs: { a: 'b' } }],
    ['an error without a code', { setErrs: { a: { description: 'b' } } }],
    ['an error whose code is a text', { setErrs: { a: { err: 'drop table; --' } } }],
    ['an error of many megabytes', { setErrs: { a: { err: 'b', description: 'c'.repeat(1_001) } } }],
  ])('are not asked for with %s', async (_case, body) => {
    const answer = await receiver.ask(body);
    expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([
      400,
      'VALIDATION_FAILED',
    ]);
  });

  it.each([
    ['whose secret is withdrawn', () => operate(['clients', 'rotate-secret', 'leaky', '--now'], environment)],
    [
      'that another of its name replaces',
      () => replicas.query(`update clients set created_at = now() where id = 'leaky'`),
    ],
  ])('are not given to a poll that has just begun, of a client %s', async (_name, change) => {
    const leaky = await transmitter.addReceiver('leaky');
    await leaky.receiver.drain();
    await replicas.query(`update event_streams set polled_at = null where client_id = 'leaky'`);
    const connection = await replicas.connect();
    await connection.query('begin');
    await connection.query(`select from event_streams where client_id = 'leaky' for no key update`);
    const poll = request('POST', `${issuer}/ssf/poll`, { headers: basic(leaky.client), body: {} });
    await eventually(async () => {
      const waiting = `datname = current_database() and wait_event_type = 'Lock'`;
      return (await replicas.query(`select from pg_stat_activity where ${waiting}`)).length === 1;
    });
    await change();
    await connection.query('commit');
    await connection.end();
    await remove((await somebody()).token);
    const { status, body } = await poll;
    expect([status, body['code']]).toEqual([401, 'INVALID_CLIENT']);
    await operate(['clients', 'remove', 'leaky'], environment);
  });

  it('leave receipts, which tell operators and hold nothing of the person but the id', async () => {
    const { token, sub, email } = await somebody();
    await remove(token);
    const list = () =>
      operateJson<{ erasures: Record<string, unknown>[] }>(['erasures', 'list', '--user', sub], environment);
    const pending = await list();
    expect(pending.erasures).toMatchObject([{ user_id: sub, state: 'pending' }]);
    expect(JSON.stringify(pending)).not.toContain(email);
    await receiver.drain();
    const services = (await list()).erasures[0]!['services'] as {
      client_id: string;
      confirmed_at: string | null;
    }[];
    expect(services.find(({ client_id }) => client_id === 'crm')?.confirmed_at).toEqual(expect.any(String));
    const streams = await operateJson<{ streams: { client_id: string }[] }>(
      ['events', 'streams'],
      environment,
    );
    expect(streams.streams.map(({ client_id }) => client_id)).toContain('crm');
    expect((await request('GET', `${auth.url}/admin/erasures`)).status).toBe(401);
    const other = await somebody();
    expect((await request('GET', `${auth.url}/admin/erasures`, { token: other.token })).status).toBe(403);
  });

  it('that a receiver cannot take are shown to operators, and delivered again when they say so', async () => {
    const { token } = await somebody();
    await remove(token);
    const [event, ...rest] = await receiver.poll();
    const { jti } = event!;
    const setErrs = { [jti]: { err: 'invalid_request', description: 'what\u001b[2J is this' } };
    await receiver.poll({ returnImmediately: true, setErrs, ack: rest.map((other) => other.jti) });
    const { stdout } = await operate(['events', 'list', '--client', 'crm'], environment);
    expect(stdout).toContain(jti);
    expect(stdout).toContain('what?[2J is this');
    expect(await receiver.poll()).toEqual([]);
    const again = await operateJson(['events', 'retry', '--event', jti], environment);
    expect(again).toEqual({ delivered_again: 1 });
    expect((await receiver.drain()).map((other) => other.jti)).toEqual([jti]);
    const gone = await operate(['events', 'retry', '--event', jti], environment);
    expect([gone.code, gone.stderr]).toEqual([1, `No event ${jti} is set aside.\n`]);
  });

  it('end with the client: what waits for it goes, and its receipts stay', async () => {
    const client = await addClient('leaving', '--audience leaving --scope events', environment);
    const { token, sub } = await somebody();
    await remove(token);
    await operate(['clients', 'remove', 'leaving'], environment);
    expect((await request('POST', `${issuer}/ssf/poll`, { headers: basic(client), body: {} })).status).toBe(
      401,
    );
    const waiting = await replicas.query(`select 1 from account_events where client_id = 'leaving'`);
    expect(waiting).toEqual([]);
    const { erasures } = await operateJson<{ erasures: { services: { client_id: string }[] }[] }>(
      ['erasures', 'list', '--user', sub],
      environment,
    );
    expect(erasures[0]!.services.map(({ client_id }) => client_id)).toContain('leaving');
  });
});
