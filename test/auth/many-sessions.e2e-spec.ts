import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { type Mailbox, replicasWithMailbox } from '../support/mailbox.js';
import type { RunningService } from '../support/service.js';
import {
  type AuthReplicas,
  beginSession,
  claimsOf,
  newPerson,
  statusOfMe,
  tryRefresh,
} from '../support/sessions.js';

const NEXT = 'another long and quiet evening';
/** More than PostgreSQL takes parameters for, at four a session. */
const MANY = 20_000;

describe('an account with more sessions than a statement has parameters', () => {
  let replicas: AuthReplicas;
  let mailbox: Mailbox;
  let auth: RunningService;
  beforeAll(async () => {
    [replicas, mailbox] = await replicasWithMailbox();
    auth = await replicas.start({ ...mailbox.environment, EMAIL_VERIFICATION: 'off' });
  });
  afterAll(() => replicas.end());

  /** The owner, the thief who has flooded the account with sessions, and a way to call as either. */
  async function flooded() {
    const email = await newPerson(auth);
    const [owner, thief] = [await beginSession(auth, email), await beginSession(auth, email)];
    const { sub: id } = claimsOf(owner.access_token);
    await replicas.query(
      `insert into sessions (id, user_id, seed, ip, expires_at, ends_at)
        select gen_random_uuid(), $1, decode(repeat('00', 32), 'hex'), '192.0.2.1',
          now() + interval '1 day', now() + interval '1 day'
        from generate_series(1, ${MANY})`,
      [id],
    );
    const call = (method: string, path: string, body: object) =>
      request(method, `${auth.url}${path}`, { token: owner.access_token, body });
    return { email, id, owner, thief, call };
  }

  const sessionsOf = async (id: string) =>
    (await replicas.query('select id from sessions where user_id = $1', [id])).length;

  it('is taken back by ending all other sessions', async () => {
    const { id, owner, thief } = await flooded();
    const { status } = await request('DELETE', `${auth.url}/auth/sessions`, { token: owner.access_token });
    expect([status, await sessionsOf(id)]).toEqual([204, 1]);
    expect((await tryRefresh(auth, thief.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, thief.access_token)).toBe(401);
    expect(await statusOfMe(auth, owner.access_token)).toBe(200);
  });

  it('is taken back by a change of the password', async () => {
    const { id, thief, call } = await flooded();
    const change = { current_password: PASSWORD, new_password: NEXT };
    expect((await call('POST', '/auth/password', change)).status).toBe(204);
    expect(await sessionsOf(id)).toBe(1);
    expect((await tryRefresh(auth, thief.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, thief.access_token)).toBe(401);
  });

  it('is taken back by a reset of the password', async () => {
    const { email, id, thief } = await flooded();
    await request('POST', `${auth.url}/auth/password/forgot`, { body: { email } });
    const token = await mailbox.nextToken(email);
    const { status } = await request('POST', `${auth.url}/auth/password/reset`, {
      body: { token, new_password: NEXT },
    });
    expect([status, await sessionsOf(id)]).toEqual([204, 0]);
    expect((await tryRefresh(auth, thief.refresh_token)).status).toBe(401);
    expect(await statusOfMe(auth, thief.access_token)).toBe(401);
  });

  it('can be deleted', async () => {
    const { id, thief, call } = await flooded();
    expect((await call('DELETE', '/auth/me', { password: PASSWORD })).status).toBe(204);
    expect(await sessionsOf(id)).toBe(0);
    expect(await statusOfMe(auth, thief.access_token)).toBe(401);
  });
});
