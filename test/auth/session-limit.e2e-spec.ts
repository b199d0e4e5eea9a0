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

describe.each(['rfc9068', 'bare'])('at most SESSIONS_PER_USER sessions, in profile %s', (JWT_PROFILE) => {
  let replicas: AuthReplicas;
  let auth: [RunningService, RunningService];
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    const settings = { JWT_PROFILE, SESSIONS_PER_USER: '3' };
    auth = await Promise.all([replicas.start(settings), replicas.start(settings)]);
  });
  afterAll(() => replicas.end());

  const sessionsOf = async (email: string) =>
    replicas.query('select s.id from sessions s join users u on u.id = s.user_id where u.email = $1', [
      email,
    ]);

  it('one more ends the oldest, with its access tokens, and says so in the record', async () => {
    const email = await newPerson(auth[0]);
    const oldest = await beginSession(auth[0], email);
    const others = [await beginSession(auth[0], email), await beginSession(auth[0], email)];
    await refresh(auth[0], oldest.refresh_token).then((next) => Object.assign(oldest, next));
    const newest = await beginSession(auth[0], email);
    expect((await tryRefresh(auth[0], oldest.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth[0], oldest.access_token)).toBe(401);
    expect(await statusOfMe(auth[0], newest.access_token)).toBe(200);
    for (const other of others) expect((await tryRefresh(auth[0], other.refresh_token)).status).toBe(200);
    expect(await sessionsOf(email)).toHaveLength(3);
    const [event] = await replicas.query<{ count: string }>(
      `select count(*) from audit_events where event = 'session_ended' and user_id = $1`,
      [claimsOf(newest.access_token).sub],
    );
    expect(event?.count).toBe('1');
  });

  it('however many log in at once, at all replicas', async () => {
    const email = await newPerson(auth[0]);
    const begun = await Promise.all(
      Array.from({ length: 12 }, (_, index) => beginSession(auth[index % 2]!, email)),
    );
    expect(begun).toHaveLength(12);
    expect(await sessionsOf(email)).toHaveLength(3);
  });

  it('without those whose time is over', async () => {
    const email = await newPerson(auth[0]);
    for (let login = 0; login < 3; login++) await beginSession(auth[0], email);
    await replicas.age(91 * 86_400);
    const kept = [await beginSession(auth[0], email), await beginSession(auth[0], email)];
    await beginSession(auth[0], email);
    for (const { refresh_token } of kept) expect((await tryRefresh(auth[0], refresh_token)).status).toBe(200);
  });
});

describe('an account that had more sessions than SESSIONS_PER_USER before', () => {
  it('has no more than that from the next login on', async () => {
    const replicas = await AuthReplicas.prepare();
    const auth = await replicas.start();
    const email = await newPerson(auth);
    const { sub } = claimsOf((await beginSession(auth, email)).access_token);
    await replicas.query(
      `insert into sessions (id, user_id, seed, ip, expires_at, ends_at, created_at)
        select gen_random_uuid(), $1, decode(repeat('00', 32), 'hex'), '192.0.2.1',
          now() + interval '1 day', now() + interval '1 day', now() - interval '1 hour'
        from generate_series(1, 20000)`,
      [sub],
    );
    const { access_token } = await beginSession(auth, email);
    const { body } = await request<{ sessions: unknown[] }>('GET', `${auth.url}/auth/sessions`, {
      token: access_token,
    });
    expect(body.sessions).toHaveLength(100);
    await replicas.end();
  });
});
