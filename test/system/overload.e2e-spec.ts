import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, beginSession, eventually, newPerson, refresh } from '../support/sessions.js';

describe('under more load than there is room for', () => {
  let replicas: AuthReplicas;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
  });
  afterAll(() => replicas.end());

  const logIn = ({ url }: RunningService, email: string): Promise<Answer> =>
    request('POST', `${url}/auth/login`, { body: { email, password: PASSWORD } });
  function expectOverload(answers: readonly Answer[]): void {
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, body } of refused) {
      expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '2']);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
  }

  it('turns logins away with 503 and Retry-After, and goes on refreshing', async () => {
    const auth = await replicas.start({ HASH_CONCURRENCY: '1', HASH_QUEUE: '3' });
    const email = await newPerson(auth);
    let { refresh_token: token } = await beginSession(auth, email);
    const logins = Promise.all(Array.from({ length: 60 }, () => logIn(auth, email)));
    for (let step = 0; step < 10; step++) token = (await refresh(auth, token)).refresh_token;
    const answers = await logins;
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
    expectOverload(answers);
    expect((await logIn(auth, email)).status).toBe(200);
    expect(auth.output()).not.toContain('"context":"Errors"');
    await auth.stop();
  });

  it('hashes passwords in threads that step back for the event loop, where the system can', async () => {
    const auth = await replicas.start({ HASH_NICENESS: '7' });
    const threads = `/proc/${auth.process.pid}/task`;
    const stats = existsSync(threads)
      ? readdirSync(threads).map((id) => readFileSync(`${threads}/${id}/stat`, 'utf8'))
      : [];
    // proc(5): after the name in brackets come the third field and the others; the niceness is the nineteenth.
    const nicenesses = stats
      .filter((stat) => stat.includes('(libuv-worker)'))
      .map((stat) => Number(stat.split(') ')[1]?.split(' ')[16]));
    expect(nicenesses).toEqual(existsSync(threads) ? [7, 7, 7, 7] : []);
    await auth.stop();
  });

  it('does not count what it has turned away as a wrong guess', async () => {
    const auth = await replicas.start({ HASH_CONCURRENCY: '1', HASH_QUEUE: '0', RATE_LIMITS: 'on' });
    const email = await newPerson(auth);
    for (let round = 0; round < 5; round++)
      await Promise.all(Array.from({ length: 8 }, () => logIn(auth, email)));
    expect((await logIn(auth, email)).status).toBe(200);
    await auth.stop();
  });

  it('answers 503 at once when the database pool is full, and serves those who got a place', async () => {
    const auth = await replicas.start({
      DATABASE_POOL_SIZE: '1',
      DATABASE_POOL_QUEUE: '2',
      DATABASE_STATEMENT_TIMEOUT_MS: '20000',
      DATABASE_ACQUIRE_TIMEOUT_MS: '20000',
    });
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const me = () => request('GET', `${auth.url}/auth/me`, { token });
    const release = await lockTable('users');
    const waiting = [me(), me(), me()];
    await blocked();
    expectOverload([await me(), await me()]);
    await release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await auth.stop();
  });

  it('answers 503 when no connection becomes free, or a statement does not end, in time', async () => {
    const auth = await replicas.start({
      DATABASE_POOL_SIZE: '1',
      DATABASE_ACQUIRE_TIMEOUT_MS: '2000',
      DATABASE_STATEMENT_TIMEOUT_MS: '6000',
    });
    const { access_token: token } = await beginSession(auth, await newPerson(auth));
    const me = () => request('GET', `${auth.url}/auth/me`, { token });
    const release = await lockTable('users');
    const first = me();
    await blocked();
    expectOverload([await me(), await first]);
    await release();
    await eventually(async () => (await me()).status === 200);
    await auth.stop();
  });

  /** Keeps everybody else from reading a table. */
  async function lockTable(table: string): Promise<() => Promise<void>> {
    const client = await replicas.connect();
    await client.query(`begin; lock table ${table}`);
    return async () => {
      await client.query('rollback');
      await client.end();
    };
  }

  /** Waits until a statement waits for a lock. */
  async function blocked(): Promise<void> {
    for (;;) {
      const rows = await replicas.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      if (rows.length > 0) return;
    }
  }
});
