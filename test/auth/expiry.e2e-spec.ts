import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, claimsOf, eventually, newPerson, refresh } from '../support/sessions.js';

/** Two replicas clean one database, as often as they may. */
describe('expiry', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    const often = { CLEANING_INTERVAL_SECONDS: '1' };
    [auth] = await Promise.all([replicas.start(often), replicas.start(often)]);
  });
  afterAll(() => replicas.end());

  const idsOf = async (table: string): Promise<string[]> =>
    (await replicas.query<{ id: string }>(`select id from ${table}`)).map(({ id }) => id);

  it('removes sessions whose time has long been over, all of them and no others', async () => {
    const email = await newPerson(auth);
    const live = await beginSession(auth, email);
    const justOver = await beginSession(auth, email);
    const [liveId, justOverId] = [claimsOf(live.access_token).sid, claimsOf(justOver.access_token).sid];
    await replicas.query(`update sessions set expires_at = now() - interval '1 hour' where id = $1`, [
      justOverId,
    ]);
    await replicas.query(
      `insert into sessions (user_id, seed, ip, expires_at, ends_at)
        select $1, sha256(g::text::bytea), '', now() - interval '3 days', now() from generate_series(1, 1700) g`,
      [claimsOf(live.access_token).sub],
    );
    await eventually(async () => (await idsOf('sessions')).length <= 2);
    expect((await idsOf('sessions')).toSorted()).toEqual([liveId, justOverId].toSorted());
    await refresh(auth, live.refresh_token);
  });

  it('removes revocations that no token can need any more, and no others', async () => {
    await replicas.query(`insert into revocations (kind, id, expires_at)
      select 'session', 'old ' || g, now() - interval '1 second' from generate_series(1, 1700) g`);
    await replicas.query(`insert into revocations (kind, id, expires_at)
      values ('session', 'needed', now() + interval '5 minutes')`);
    await eventually(async () => (await idsOf('revocations')).length <= 1);
    expect(await idsOf('revocations')).toEqual(['needed']);
  });

  it('removes one-time tokens that have expired, and no others', async () => {
    await replicas.query(`insert into one_time_tokens
      (purpose, subject, email, digest, password_hash, mail_id, expires_at)
      select 'registration', g, g, sha256(g::bytea), '', uuidv7(),
        case g when 'good' then now() + interval '1 minute' else now() - interval '1 second' end
      from (select 'old ' || n as g from generate_series(1, 1700) n union select 'good') g`);
    const left = () => replicas.query<{ subject: string }>('select subject from one_time_tokens');
    await eventually(async () => (await left()).length <= 1);
    expect(await left()).toEqual([{ subject: 'good' }]);
  });
});
