import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  newPerson,
  refresh,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

interface Listed {
  id: string;
  created_at: string;
  last_used_at: string;
  user_agent: string | null;
  ip: string;
  current: boolean;
}

describe('the sessions of a person', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start();
  });
  afterAll(() => replicas.end());

  const call = <T>(method: string, path: string, token: string) =>
    request<T>(method, `${auth.url}/auth/sessions${path}`, { token });
  const list = async (token: string) => (await call<{ sessions: Listed[] }>('GET', '', token)).body.sessions;

  it('are listed, with the one that asks', async () => {
    const email = await newPerson(auth);
    const phone = await beginSession(auth, email, { userAgent: 'Phone' });
    const laptop = await beginSession(auth, email, { userAgent: 'Laptop' });
    const [phoneId, laptopId] = [claimsOf(phone.access_token).sid, claimsOf(laptop.access_token).sid];
    expect(await list(laptop.access_token)).toEqual([
      {
        id: laptopId,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        last_used_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        user_agent: 'Laptop',
        ip: '127.0.0.1',
        current: true,
      },
      expect.objectContaining({ id: phoneId, user_agent: 'Phone', current: false }),
    ]);
    await refresh(auth, phone.refresh_token);
    const [first] = await list(laptop.access_token);
    expect(first?.id).toBe(phoneId);
    expect(first!.last_used_at > first!.created_at).toBe(true);
  });

  it('are listed without those whose time is over, and without those of others', async () => {
    const email = await newPerson(auth);
    const old = await beginSession(auth, email);
    await replicas.query(`update sessions set expires_at = now() where id = $1`, [
      claimsOf(old.access_token).sid,
    ]);
    await beginSession(auth, await newPerson(auth));
    const { access_token } = await beginSession(auth, email);
    expect((await list(access_token)).map(({ id }) => id)).toEqual([claimsOf(access_token).sid]);
  });

  it.each([
    ['an overlong', 'x'.repeat(5000), 'x'.repeat(255)],
    ['a blank', '   ', null],
    ['a tabbed', 'a\tb', 'a b'],
    ['a non-ASCII', 'caf\u00e9', 'caf\u00e9'],
  ])('keep %s user agent in a form that can be shown', async (_case, userAgent, shown) => {
    const { access_token } = await beginSession(auth, await newPerson(auth), { userAgent });
    expect((await list(access_token))[0]?.user_agent).toBe(shown);
  });

  it('end one by one, with their access tokens', async () => {
    const email = await newPerson(auth);
    const [here, there] = [await beginSession(auth, email), await beginSession(auth, email)];
    const path = `/${claimsOf(there.access_token).sid}`;
    expect((await call('DELETE', path, here.access_token)).status).toBe(204);
    expect(await statusOfMe(auth, there.access_token)).toBe(401);
    expect((await tryRefresh(auth, there.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, here.access_token)).toBe(200);
    expect((await call('DELETE', path, here.access_token)).status).toBe(404);
  });

  it('end with the one that asks, if it asks for itself', async () => {
    const { access_token } = await beginSession(auth, await newPerson(auth));
    expect((await call('DELETE', `/${claimsOf(access_token).sid}`, access_token)).status).toBe(204);
    expect(await statusOfMe(auth, access_token)).toBe(401);
  });

  it('end all but the one that asks', async () => {
    const email = await newPerson(auth);
    const others = [await beginSession(auth, email), await beginSession(auth, email)];
    const here = await beginSession(auth, email);
    const stranger = await beginSession(auth, await newPerson(auth));
    expect((await call('DELETE', '', here.access_token)).status).toBe(204);
    for (const other of others) {
      expect(await statusOfMe(auth, other.access_token)).toBe(401);
      expect((await tryRefresh(auth, other.refresh_token)).status).toBe(401);
    }
    expect(await statusOfMe(auth, here.access_token)).toBe(200);
    expect(await statusOfMe(auth, stranger.access_token)).toBe(200);
    expect(await list(here.access_token)).toHaveLength(1);
    await refresh(auth, here.refresh_token);
  });

  it('leave alone a login in the same second as the end of all others', async () => {
    const email = await newPerson(auth);
    const here = await beginSession(auth, email);
    await call('DELETE', '', here.access_token);
    const { access_token } = await beginSession(auth, email);
    expect(await statusOfMe(auth, access_token)).toBe(200);
  });

  it('are nobody else’s to end or to know of', async () => {
    const [ada, eve] = [
      await beginSession(auth, await newPerson(auth)),
      await beginSession(auth, await newPerson(auth)),
    ];
    const hers = await call('DELETE', `/${claimsOf(ada.access_token).sid}`, eve.access_token);
    const nobodys = await call('DELETE', '/0198f000-0000-7000-8000-000000000000', eve.access_token);
    expect([hers.status, hers.body]).toEqual([404, nobodys.body]);
    expect(await statusOfMe(auth, ada.access_token)).toBe(200);
  });

  it.each(['1', 'x', '%00', "'%20or%201=1--", '0198f000-0000-7000-8000-00000000000g'])(
    'know no session with the id %s',
    async (id) => {
      const { access_token } = await beginSession(auth, await newPerson(auth));
      expect((await call('DELETE', `/${id}`, access_token)).status).toBe(404);
      expect(await statusOfMe(auth, access_token)).toBe(200);
    },
  );

  it('need a token to be seen or ended', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['DELETE', '/0198f000-0000-7000-8000-000000000000'],
    ] as const) {
      expect((await request(method, `${auth.url}/auth/sessions${path}`)).status).toBe(401);
    }
  });
});
