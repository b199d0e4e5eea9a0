import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { operate, operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, claimsOf, eventually, newPerson, refresh } from '../support/sessions.js';

interface Event {
  readonly time: string;
  readonly event: string;
  readonly outcome: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  readonly subject: string | null;
}

describe('the audit log', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let environment: Record<string, string>;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    environment = replicas.environment;
    auth = await replicas.start({ CLEANING_INTERVAL_SECONDS: '1', AUDIT_RETENTION_SECONDS: '172800' });
  });
  afterAll(() => replicas.end());

  const audit = async (...options: string[]): Promise<Event[]> =>
    (await operateJson<{ events: Event[] }>(['audit', 'list', ...options], environment)).events;

  it('has what happened to an account and its sessions, from where, and after its end too', async () => {
    const email = await newPerson(auth);
    const { access_token: first } = await beginSession(auth, email, { userAgent: 'phone' });
    const { access_token: second, refresh_token } = await beginSession(auth, email);
    const { access_token: third } = await beginSession(auth, email);
    const { access_token: fourth, ...used } = await beginSession(auth, email);
    const { sub, sid } = claimsOf(first);
    await request('DELETE', `${auth.url}/auth/sessions/${claimsOf(third).sid}`, { token: first });
    await request('POST', `${auth.url}/auth/logout`, { token: second });
    await request('POST', `${auth.url}/auth/logout`, { body: { refresh_token } });
    const { refresh_token: successor } = await refresh(auth, used.refresh_token);
    await refresh(auth, successor);
    await request('POST', `${auth.url}/auth/refresh`, { body: { refresh_token: used.refresh_token } });
    const next = 'another long and quiet evening';
    const change = { current_password: 'wrong', new_password: next };
    await request('POST', `${auth.url}/auth/password`, { token: first, body: change });
    await request('POST', `${auth.url}/auth/password`, {
      token: first,
      body: { ...change, current_password: PASSWORD },
    });
    await expect(beginSession(auth, email)).rejects.toThrow('401');
    await request('DELETE', `${auth.url}/auth/sessions`, { token: first });
    expect((await audit('--user', email)).length).toBe(12);
    await request('DELETE', `${auth.url}/auth/me`, { token: first, body: { password: next } });

    const events = (await audit('--user', sub)).toReversed();
    expect(events.map(({ event, outcome, session_id }) => [event, outcome, session_id])).toEqual([
      ['registered', 'ok', null],
      ['login', 'ok', sid],
      ['login', 'ok', claimsOf(second).sid],
      ['login', 'ok', claimsOf(third).sid],
      ['login', 'ok', claimsOf(fourth).sid],
      ['session_ended', 'ok', claimsOf(third).sid],
      ['logout', 'ok', claimsOf(second).sid],
      ['refresh_token_reused', 'session_ended', claimsOf(fourth).sid],
      ['password_changed', 'failed', sid],
      ['password_changed', 'ok', sid],
      ['login', 'failed', null],
      ['other_sessions_ended', 'ok', sid],
      ['account_deleted', 'ok', sid],
    ]);
    for (const event of events) expect(event).toMatchObject({ user_id: sub, ip: '127.0.0.1' });
    expect(events[1]?.user_agent).toBe('phone');
  });

  it('has logins to addresses that nobody has, and never the address or the password', async () => {
    const email = 'stranger@example.com';
    await expect(beginSession(auth, email, { password: 'a guess' })).rejects.toThrow('401');
    const [event] = await audit('--event', 'login', '--limit', '1');
    expect(event).toMatchObject({ event: 'login', outcome: 'failed', user_id: null, ip: '127.0.0.1' });
    await request('POST', `${auth.url}/auth/register`, { body: { email, password: PASSWORD } });
    await request('POST', `${auth.url}/auth/register`, { body: { email, password: PASSWORD } });
    const registrations = await audit('--event', 'registered', '--limit', '2');
    expect(registrations.map(({ outcome }) => outcome)).toEqual(['failed', 'ok']);
    const everything = JSON.stringify(await replicas.query('select * from audit_events'));
    for (const secret of [email, 'a guess', PASSWORD]) expect(everything).not.toContain(secret);
  });

  it('has one event for a flood of logins to addresses that nobody has, and their number in the end', async () => {
    const before = new Date().toISOString();
    await replicas.query('delete from unknown_logins');
    const flood = Array.from({ length: 200 }, (_, index) =>
      beginSession(auth, `flood-${index}@example.com`, { password: 'a guess' }),
    );
    const refused = (await Promise.allSettled(flood)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(200);
    const strangers = async () =>
      (await audit('--event', 'login', '--since', before)).filter((event) => event.user_id === null);
    expect((await strangers()).map(({ outcome, subject }) => [outcome, subject])).toEqual([['failed', null]]);
    const [row] = await replicas.query<{ attempts: number }>('select attempts from unknown_logins');
    await replicas.query(`update unknown_logins set since = now() - interval '1 hour'`);
    await eventually(async () => (await replicas.query('select from unknown_logins')).length === 0);
    const [last] = await strangers();
    expect(last?.subject).toMatch(new RegExp(`^${row!.attempts - 1} more to unknown addresses since 2`));
    expect(last).toMatchObject({ outcome: 'failed', ip: '127.0.0.1' });
  });

  it('has imports and exports, an import that was cut off too', async () => {
    const before = new Date().toISOString();
    await operate(['users', 'import', '/dev/null'], environment);
    await operate(['users', 'import', '/nowhere/people.csv'], environment);
    await operate(['users', 'export', '--with-hashes'], environment);
    const events = (await audit('--since', before)).toReversed();
    expect(events.map(({ event, outcome, subject }) => [event, outcome, subject])).toEqual([
      ['users_imported', 'begun', 'null'],
      ['users_imported', 'ok', '0 imported, 0 unchanged, 0 rejected'],
      ['users_imported', 'begun', 'people.csv'],
      ['users_exported', 'ok', 'with hashes'],
    ]);
  });

  it('is filtered by age, and shown to people as a table', async () => {
    await replicas.query(
      `insert into audit_events (time, event, outcome, user_agent)
        values (now() - interval '25 hours', 'key_created', 'ok', E'\\u202Eevil\\u009b2J')`,
    );
    expect(await audit('--event', 'key_created', '--since', '24h')).toEqual([]);
    expect(await audit('--event', 'key_created', '--since', '2d')).toHaveLength(1);
    const { stdout } = await operate(['audit', 'list', '--event', 'key_created'], environment);
    expect(stdout).toMatch(/^time +event +outcome .*\n\S+Z +key_created +ok +- +- +- +\?evil\?2J +-\n$/);
  });

  it.each([
    [2, ['--event', 'breakfast']],
    [2, ['--since', 'yesterday']],
    [2, ['--limit', '0']],
    [2, ['--limit', '10001']],
    [1, ['--user', 'nobody@example.com']],
  ])('answers %i to %p', async (code, options) => {
    expect(await operate(['audit', 'list', ...options], environment)).toMatchObject({ code, stdout: '' });
  });

  it('cannot be changed, emptied or shortened', async () => {
    for (const statement of [
      `update audit_events set user_id = null`,
      `delete from audit_events`,
      `truncate audit_events`,
      `select set_config('signet.audit_retention_seconds', '0', false); delete from audit_events`,
      `select set_config('signet.audit_retention_seconds', '999999', false); delete from audit_events`,
    ]) {
      await expect(replicas.query(statement)).rejects.toThrow('audit_events is append-only');
    }
  });

  it('is kept for AUDIT_RETENTION_SECONDS, and no longer', async () => {
    await replicas.query(
      `insert into audit_events (time, event, outcome, subject)
        select now() - interval '49 hours', 'login', 'ok', 'old' from generate_series(1, 1200)
        union all select now() - interval '47 hours', 'login', 'ok', 'young'`,
    );
    const left = () =>
      replicas.query<{ subject: string }>(
        `select distinct subject from audit_events where subject in ('old', 'young')`,
      );
    await eventually(async () => (await left()).length < 2);
    expect(await left()).toEqual([{ subject: 'young' }]);
  });
});
