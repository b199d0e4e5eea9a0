import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AdminApi, person, type Person } from '../support/administration.js';
import { PASSWORD } from '../support/deployment.js';
import { startTransmitter, type EventReceiver, type Transmitter } from '../support/event-receiver.js';
import { request } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import { operateJson } from '../support/operator.js';
import { type AuthReplicas, beginSession, claimsOf, type Tokens } from '../support/sessions.js';

const SESSIONS_PER_USER = 3;

/** What a test makes happen to a person. */
type Change = (somebody: Person) => Promise<unknown>;
type Expected = readonly [type: string, claims?: Readonly<Record<string, unknown>>];

describe('every change of an account is told to receivers', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let transmitter: Transmitter;
  let receiver: EventReceiver;
  let admin: AdminApi;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    transmitter = await startTransmitter(replicas, {
      ...mailbox.environment,
      SESSIONS_PER_USER: String(SESSIONS_PER_USER),
      RATE_LIMITS: 'off',
    });
    ({ receiver } = await transmitter.addReceiver('crm'));
    const { access_token } = await operatedAdministrator();
    admin = new AdminApi(transmitter.auth, access_token);
    await admin.setRole('editor', 'texts:write');
    await admin.setRole('reader', 'texts:read');
  });
  beforeEach(() => receiver.drain());
  afterAll(() => replicas.end());

  async function operatedAdministrator(): Promise<Tokens> {
    const somebody = await person(transmitter.auth);
    await command('users', 'grant', somebody.email, 'admin');
    return beginSession(transmitter.auth, somebody.email);
  }
  const command = (...args: string[]) => operateJson<Record<string, unknown>>(args, transmitter.environment);
  const post = async (path: string, body: object, token?: string) => {
    const answer = await request('POST', `${transmitter.auth.url}${path}`, { body, token });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const remove = (path: string, token: string, body?: object) =>
    request('DELETE', `${transmitter.auth.url}${path}`, { token, ...(body && { body }) });

  const user = { initiating_entity: 'user' };
  const policy = { initiating_entity: 'policy' };
  const byAdmin = { initiating_entity: 'admin' };
  const password = { credential_type: 'password', change_type: 'update', ...user };
  const editor = { ...byAdmin, claims: { roles: ['editor'], scope: 'texts:write' } };
  const none = { ...byAdmin, claims: { roles: [], scope: '' } };

  const changes: readonly [what: string, change: Change, expected: readonly Expected[]][] = [
    ['a logout', ({ access_token }) => post('/auth/logout', {}, access_token), [['session-revoked', user]]],
    [
      'the end of one session of one’s own',
      async ({ access_token, email }) => {
        const other = await beginSession(transmitter.auth, email);
        await remove(`/auth/sessions/${claimsOf(other.access_token).sid}`, access_token);
      },
      [['session-revoked', user]],
    ],
    [
      'the end of all other sessions of one’s own',
      async ({ access_token, email }) => {
        await beginSession(transmitter.auth, email);
        await remove('/auth/sessions', access_token);
      },
      [['session-revoked', user]],
    ],
    [
      'one session too many, which ends the oldest',
      async ({ email }) => {
        for (let more = 0; more < SESSIONS_PER_USER; more++) await beginSession(transmitter.auth, email);
      },
      [['session-revoked', policy]],
    ],
    [
      'a new password',
      ({ access_token }) =>
        post(
          '/auth/password',
          { current_password: PASSWORD, new_password: 'another long and quiet evening' },
          access_token,
        ),
      [['credential-change', password]],
    ],
    [
      'a password that was reset',
      async ({ email }) => {
        await post('/auth/password/forgot', { email });
        const token = await mailbox.nextToken(email);
        await post('/auth/password/reset', { token, new_password: 'another long and quiet evening' });
      },
      [
        ['credential-change', password],
        ['sessions-revoked', {}],
      ],
    ],
    [
      'a new address',
      async ({ email, access_token }) => {
        await post('/auth/email', { password: PASSWORD, new_email: `new-${email}` }, access_token);
        await post('/auth/email/verify', { token: await mailbox.nextToken(`new-${email}`) });
      },
      [['identifier-changed', { 'new-value': expect.stringMatching(/^new-person-\d+@example\.com$/) }]],
    ],
    [
      'one’s own deletion',
      ({ access_token }) => remove('/auth/me', access_token, { password: PASSWORD }),
      [
        ['sessions-revoked', {}],
        ['account-purged', {}],
      ],
    ],
    [
      'an account that an administrator disables',
      ({ id }) => admin.change('PATCH', `/users/${id}`, { disabled: true }),
      [
        ['account-disabled', {}],
        ['sessions-revoked', {}],
      ],
    ],
    [
      'an account that an operator disables and enables',
      async ({ email }) => {
        await command('users', 'disable', email);
        await command('users', 'enable', email);
      },
      [
        ['account-disabled', {}],
        ['sessions-revoked', {}],
        ['account-enabled', {}],
      ],
    ],
    [
      'sessions that an administrator ends',
      ({ id }) => admin.change('DELETE', `/users/${id}/sessions`),
      [['sessions-revoked', {}]],
    ],
    [
      'sessions that an operator ends',
      ({ email }) => command('users', 'end-sessions', email),
      [['sessions-revoked', {}]],
    ],
    [
      'roles that an administrator gives',
      (somebody) => admin.setRolesOf(somebody, 'editor'),
      [['token-claims-change', editor]],
    ],
    [
      'a role that an operator gives and takes',
      async ({ email }) => {
        await command('users', 'grant', email, 'editor');
        await command('users', 'revoke', email, 'editor');
      },
      [
        ['token-claims-change', editor],
        ['token-claims-change', none],
      ],
    ],
    [
      'a deletion by an administrator',
      ({ id }) => admin.change('DELETE', `/users/${id}`),
      [
        ['sessions-revoked', {}],
        ['account-purged', {}],
      ],
    ],
    [
      'a deletion by an operator',
      ({ email }) => command('users', 'delete', email),
      [
        ['sessions-revoked', {}],
        ['account-purged', {}],
      ],
    ],
  ];

  it.each(changes)('%s', async (_what, change, expected) => {
    const somebody = await person(transmitter.auth);
    await change(somebody);
    const events = await receiver.drain();
    expect(events.map(({ type }) => type)).toEqual(expected.map(([type]) => type));
    for (const [index, event] of events.entries()) {
      const about = { format: 'iss_sub', iss: transmitter.issuer, sub: somebody.id };
      expect(event.subject['user'] ?? event.subject).toEqual(about);
      expect(event.claims).toMatchObject(expected[index]![1]!);
      expect(event.payload['txn']).toEqual(expect.any(String));
    }
  });

  const txns = async () => new Set((await receiver.drain()).map(({ payload }) => payload['txn'])).size;

  it('events of one change have one txn, and those of two changes two', async () => {
    const somebody = await person(transmitter.auth);
    await admin.change('DELETE', `/users/${somebody.id}`);
    expect(await txns()).toBe(1);
    const other = await person(transmitter.auth);
    await admin.setRolesOf(other, 'editor');
    await admin.setRolesOf(other);
    expect(await txns()).toBe(2);
  });

  it('a changed or removed role reaches each of its holders, with all that they have from now on', async () => {
    const [ada, bob, carol] = [
      await person(transmitter.auth),
      await person(transmitter.auth),
      await person(transmitter.auth),
    ];
    await admin.setRole('painter', 'pictures:write');
    await admin.setRolesOf(ada, 'painter');
    await admin.setRolesOf(bob, 'painter', 'reader');
    await admin.setRolesOf(carol, 'reader');
    await receiver.drain();
    const told = async () => {
      const events = await receiver.drain();
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['token-claims-change']));
      expect(new Set(events.map(({ payload }) => payload['txn'])).size).toBe(1);
      return new Map(events.map(({ userId, claims }) => [userId, claims['claims']]));
    };

    await admin.setRole('painter', 'pictures:read', 'pictures:write');
    expect(await told()).toEqual(
      new Map([
        [ada.id, { roles: ['painter'], scope: 'pictures:read pictures:write' }],
        [bob.id, { roles: ['painter', 'reader'], scope: 'pictures:read pictures:write texts:read' }],
      ]),
    );
    await command('roles', 'set', 'painter', '--scope', 'pictures:read');
    expect((await told()).get(ada.id)).toEqual({ roles: ['painter'], scope: 'pictures:read' });
    await admin.change('DELETE', '/roles/painter');
    expect(await told()).toEqual(
      new Map([
        [ada.id, { roles: [], scope: '' }],
        [bob.id, { roles: ['reader'], scope: 'texts:read' }],
      ]),
    );
  });

  it('a change that changes nothing, is refused or is rolled back tells nothing', async () => {
    const { id, access_token } = await person(transmitter.auth);
    await admin.change('PUT', '/roles/reader', { scopes: ['texts:read'], description: 'reads' });
    await admin.setRolesOf({ id });
    await admin.change('PATCH', `/users/${id}`, { disabled: false });
    expect((await admin.call('PUT', `/users/${id}/roles`, { roles: ['nobody'] })).status).toBe(400);
    expect((await remove('/auth/me', access_token, { password: 'wrong' })).status).toBeGreaterThan(400);
    // At the very end, when everything has been written.
    await replicas.query(`create function fail() returns trigger language plpgsql as
      $$ begin raise exception 'the disk is full'; end $$`);
    await replicas.query(`create constraint trigger fail after insert on account_events
      deferrable initially deferred for each row execute function fail()`);
    expect((await admin.call('DELETE', `/users/${id}`)).status).toBe(500);
    await replicas.query('drop trigger fail on account_events');
    expect((await admin.call('GET', `/users/${id}`)).status).toBe(200);
    expect(await receiver.drain()).toEqual([]);
  });

  describe('GET /admin/erasures', () => {
    interface Page {
      readonly erasures: { user_id: string; state: string; services: { confirmed_at: string | null }[] }[];
      readonly next_cursor: string | null;
    }
    const list = async (query: string) => {
      const { status, body } = await admin.call<Page>('GET', `/erasures?${query}`);
      expect(status).toBe(200);
      return body;
    };

    it('shows an administrator what is confirmed and what is overdue, page by page', async () => {
      const people: Person[] = [];
      for (let index = 0; index < 5; index++) {
        const somebody = await person(transmitter.auth);
        people.unshift(somebody);
        await admin.change('DELETE', `/users/${somebody.id}`);
      }
      const ids = people.map(({ id }) => id);
      const [overdue, ...confirmed] = ids;
      const events = await receiver.poll();
      const late = events.filter(({ userId }) => userId === overdue).map(({ jti }) => jti);
      const ack = events.map(({ jti }) => jti).filter((jti) => !late.includes(jti));
      await receiver.poll({ returnImmediately: true, ack });
      expect((await list('state=pending')).erasures.map(({ user_id }) => user_id)).toEqual([overdue]);
      await replicas.query(`update erasure_receipts set erased_at = now() - interval '2 days'
        where user_id = '${overdue}'`);

      const page = await list(`state=overdue&user_id=${overdue}`);
      expect(page).toEqual({
        erasures: [
          {
            user_id: overdue,
            erased_at: expect.any(String),
            state: 'overdue',
            services: [{ client_id: 'crm', told_at: expect.any(String), confirmed_at: null, error: null }],
          },
        ],
        next_cursor: null,
      });
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const next: Page = await list(`state=confirmed&limit=2${cursor && `&cursor=${cursor}`}`);
        expect(next.erasures.length).toBeLessThanOrEqual(2);
        seen.push(...next.erasures.map(({ user_id }) => user_id));
        cursor = next.next_cursor;
      }
      expect(seen.slice(0, confirmed.length)).toEqual(confirmed);
      expect(seen).not.toContain(overdue);
      expect(new Set(seen).size).toBe(seen.length);

      const shown = await command('erasures', 'list', '--state', 'overdue');
      expect(shown).toEqual({ erasures: page.erasures });
      await receiver.poll({ returnImmediately: true, ack: late });
      expect((await list('state=overdue')).erasures).toEqual([]);
      const [done] = (await list(`user_id=${overdue}`)).erasures;
      expect(done).toMatchObject({ state: 'confirmed', services: [{ confirmed_at: expect.any(String) }] });

      const since = done!.services[0]!.confirmed_at!;
      const repeated = await command('erasures', 'repeat', '--client', 'crm', '--since', since);
      expect(repeated).toEqual({ repeated: 1 });
      expect((await receiver.drain()).map(({ userId, type }) => [type, userId])).toEqual([
        ['account-purged', overdue],
      ]);
    });

    it.each(['limit=0', 'limit=101', 'state=lost', 'user_id=1', 'cursor=1', 'state=overdue&state=pending'])(
      'refuses %s',
      async (query) => expect((await admin.call('GET', `/erasures?${query}`)).status).toBe(400),
    );
  });
});
