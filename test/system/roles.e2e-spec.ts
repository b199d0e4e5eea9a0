import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AdminApi, administrator, person, type Person } from '../support/administration.js';
import { request } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, eventually, refresh } from '../support/sessions.js';

/** The worked example of docs/roles.md: what an administrator changes at auth is so at every service. */
describe('a route for support', () => {
  let replicas: AuthReplicas;
  let auths: RunningService[];
  let businesses: RunningService[];
  let admin: AdminApi;
  let ada: Person;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auths = [await replicas.start(), await replicas.start()];
    const environment = {
      AUTH_URL: auths[0]!.url,
      REVOCATION_FEED_URL: auths.map(({ url }) => `${url}/revocations`).join(','),
    };
    businesses = await Promise.all([1, 2, 3].map(() => replicas.startService('business', environment)));
    admin = new AdminApi(auths[0]!, (await administrator(replicas, auths[0]!)).access_token);
    await admin.setRole('support', 'tasks:read');
    ada = await person(auths[0]!);
    await request('POST', `${businesses[0]!.url}/tasks`, {
      token: ada.access_token,
      body: { title: 'Ask for help' },
    });
  });
  afterAll(() => replicas.end());

  const tasksOf = (id: string, token: string, business = businesses[0]!) =>
    request<Record<string, unknown> & { tasks: { title: string }[] }>(
      'GET',
      `${business.url}/tasks/of/${encodeURIComponent(id)}`,
      { token },
    );

  it('shows the tasks of any user to those who have the role, and to no one else', async () => {
    const kim = await person(auths[1]!);
    const refused = await tasksOf(ada.id, kim.access_token);
    expect([refused.status, refused.body['code']]).toEqual([403, 'INSUFFICIENT_SCOPE']);
    expect((await tasksOf(ada.id, ada.access_token)).status).toBe(403);
    await admin.setRolesOf(kim, 'support');
    const { access_token } = await refresh(auths[1]!, kim.refresh_token);
    const shown = await tasksOf(ada.id, access_token);
    expect([shown.status, shown.body.tasks.map(({ title }) => title)]).toEqual([200, ['Ask for help']]);
    expect((await tasksOf('someone else', access_token)).body.tasks).toEqual([]);
    expect((await tasksOf('a\u0000b', access_token)).status).toBe(400);
    const own = await request<{ tasks: unknown[] }>('GET', `${businesses[0]!.url}/tasks`, {
      token: access_token,
    });
    expect(own.body.tasks).toEqual([]);
  });

  it('is closed at every service when the role is taken away, and nobody is logged out by that', async () => {
    const kim = await person(auths[1]!);
    await admin.setRolesOf(kim, 'support');
    const before = await refresh(auths[1]!, kim.refresh_token);
    await admin.setRolesOf(kim);
    for (const business of businesses) {
      await eventually(async () => (await tasksOf(ada.id, before.access_token, business)).status !== 200);
      const { status, body } = await tasksOf(ada.id, before.access_token, business);
      expect([status, body['code'], body['detail']]).toEqual([401, 'TOKEN_STALE', 'Token expired']);
    }
    const after = await refresh(auths[1]!, before.refresh_token);
    for (const business of businesses) {
      expect((await tasksOf(ada.id, after.access_token, business)).status).toBe(403);
      const dashboard = await request('GET', `${business.url}/dashboard`, { token: after.access_token });
      expect(dashboard.status).toBe(200);
    }
  });

  it('answers a client that refreshes once on 401 with no error, whenever the role changes', async () => {
    const kim = await person(auths[0]!);
    let tokens = { access_token: kim.access_token, refresh_token: kim.refresh_token };
    const statuses: number[] = [];
    const over = new AbortController();
    const client = async () => {
      while (!over.signal.aborted) {
        for (const [index, business] of businesses.entries()) {
          let answer = await request('GET', `${business.url}/dashboard`, { token: tokens.access_token });
          if (answer.status === 401) {
            tokens = await refresh(auths[index % 2]!, tokens.refresh_token);
            answer = await request('GET', `${business.url}/dashboard`, { token: tokens.access_token });
          }
          statuses.push(answer.status);
        }
      }
    };
    const running = client();
    for (let change = 0; change < 6; change++) {
      await admin.setRolesOf(kim, ...(change % 2 === 0 ? ['support'] : []));
      const seen = statuses.length;
      await eventually(() => statuses.length > seen + 12);
    }
    await admin.setRole('support', 'tasks:read', 'tasks:write');
    over.abort();
    await running;
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});
