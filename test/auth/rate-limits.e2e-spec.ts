import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readMetrics } from '../support/metrics.js';
import { request, type Answer } from '../support/http.js';
import { PASSWORD } from '../support/deployment.js';
import { failToStart, type RunningService } from '../support/service.js';
import { AuthReplicas, eventually, newPerson } from '../support/sessions.js';

const WRONG = 'not the password at all';

/** Two replicas with limits, behind a proxy that tells the networks apart. */
describe('guessing', () => {
  let replicas: AuthReplicas;
  let auth: [RunningService, RunningService];
  let open: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    const limited = { RATE_LIMITS: 'on', TRUST_PROXY: '1', CLEANING_INTERVAL_SECONDS: '1' };
    open = await replicas.start();
    auth = await Promise.all([replicas.start(limited), replicas.start(limited)]);
  });
  afterAll(() => replicas.end());

  let networks = 0;
  const newNetwork = () => `198.51.100.${++networks}`;
  let asked = 0;
  const post = (path: string, body: object, from: string, headers = {}): Promise<Answer> =>
    request('POST', `${auth[asked++ % 2]!.url}${path}`, {
      body,
      headers: { 'x-forwarded-for': from, ...headers },
    });
  const guess = (email: string, from: string, password = WRONG, headers = {}) =>
    post('/auth/login', { email, password }, from, headers);
  const guesses = async (count: number, email: string, from: () => string): Promise<number[]> => {
    const answers = await Promise.all(Array.from({ length: count }, () => guess(email, from())));
    return answers.map(({ status }) => status);
  };
  const countOf = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;
  /** Lets time pass for all limits. */
  const age = (seconds: number) =>
    replicas.query('update rate_limits set expire = expire - $1', [seconds * 1000]);
  const pauseOf = async (budget: string): Promise<number> => {
    const [row] = await replicas.query<{ expire: string }>(
      `select max(expire) as expire from rate_limits where key like $1 and points > 1000`,
      [`${budget}:%`],
    );
    return Math.round((Number(row?.expire) - Date.now()) / 1000);
  };
  const deviceOf = (answer: Answer) => ({
    cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
  });

  it('never gets more tries than there are, however many race at all replicas', async () => {
    const email = await newPerson(open);
    const from = newNetwork();
    const statuses = await guesses(100, email, () => from);
    expect(countOf(statuses, 401)).toBe(10);
    expect(countOf(statuses, 429)).toBe(90);
    const counts = await Promise.all(
      auth.map(
        async (service) => (await readMetrics(service)).get('rate_limited_total{policy="login"}') ?? 0,
      ),
    );
    expect(counts[0]! + counts[1]!).toBe(90);
  });

  it('is told when to come back, and what is left', async () => {
    const email = await newPerson(open);
    const from = newNetwork();
    const first = await guess(email, from);
    expect(first.status).toBe(401);
    expect(first.headers.get('ratelimit-policy')).toBe('"login-account-network";q=10;w=30');
    expect(first.headers.get('ratelimit')).toMatch(/^"login-account-network";r=9;t=(30|29)$/);
    await guesses(9, email, () => from);
    const refused = await guess(email, from);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect(refused.headers.get('ratelimit')).toMatch(/^"login-account-network";r=0;t=\d+$/);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(30);
  });

  it('has to pause twice as long after every further wrong try, up to an hour, and is never locked out', async () => {
    await replicas.query('delete from rate_limits');
    const email = await newPerson(open);
    const from = newNetwork();
    await guesses(10, email, () => from);
    expect(await pauseOf('login-account-network')).toBeLessThanOrEqual(30);
    const pauses: number[] = [];
    for (let tries = 0; tries < 9; tries++) {
      await age(3600);
      // The day in which wrong tries are counted goes on.
      await replicas.query(`update rate_limits set expire = expire + 3600000 where key like '%-wrong:%'`);
      expect((await guess(email, from)).status).toBe(401);
      expect((await guess(email, from)).status).toBe(429);
      pauses.push(await pauseOf('login-account-network'));
    }
    const about = [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600];
    about.forEach((pause, index) => expect(Math.abs(pauses[index]! - pause)).toBeLessThan(15));
    await age(3600);
    expect((await guess(email, from, PASSWORD)).status).toBe(200);
  });

  it('cannot be told to be about an account or about none', async () => {
    const known = await newPerson(open);
    const unknown = 'nobody-at-all@example.com';
    const trace = async (email: string) => {
      const from = newNetwork();
      const answers: unknown[] = [];
      for (let tries = 0; tries < 12; tries++) {
        const { status, body, headers } = await guess(email, from);
        const names = [...headers.keys()].filter((name) => name !== 'x-request-id').toSorted();
        const quota = headers.get('ratelimit')?.replace(/t=\d+/, '');
        answers.push({ status, body, names, quota, policy: headers.get('ratelimit-policy') });
      }
      return answers;
    };
    expect(await trace(known)).toEqual(await trace(unknown));
  });

  it('from many networks at once stops strangers, and not the device from which the owner has logged in', async () => {
    const email = await newPerson(open);
    const device = deviceOf(await guess(email, newNetwork(), PASSWORD));
    const statuses = await guesses(100, email, newNetwork);
    expect(countOf(statuses, 401)).toBe(30);
    expect((await guess(email, newNetwork(), PASSWORD)).status).toBe(429);
    const owner = await guess(email, newNetwork(), PASSWORD, device);
    expect(owner.status).toBe(200);
    expect((await guess(email, newNetwork(), PASSWORD, deviceOf(owner))).status).toBe(200);
  });

  it('from the network of the owner does not stop the device of the owner either', async () => {
    const email = await newPerson(open);
    const from = newNetwork();
    const device = deviceOf(await guess(email, from, PASSWORD));
    await guesses(20, email, () => from);
    expect((await guess(email, from, PASSWORD)).status).toBe(429);
    expect((await guess(email, from, PASSWORD, device)).status).toBe(200);
  });

  it('with the device cookie of another account or a made-up one has no budget of its own', async () => {
    const [email, other] = [await newPerson(open), await newPerson(open)];
    const from = newNetwork();
    const device = deviceOf(await guess(other, from, PASSWORD));
    await guesses(10, email, () => from);
    expect((await guess(email, from, WRONG, device)).status).toBe(429);
    const madeUp = { cookie: `__Host-signet-device=${'A'.repeat(72)}` };
    expect((await guess(email, from, WRONG, madeUp)).status).toBe(429);
  });

  it('from a device is bounded too, and begins anew when the owner gets in', async () => {
    const email = await newPerson(open);
    const device = deviceOf(await guess(email, newNetwork(), PASSWORD));
    for (let round = 0; round < 2; round++) {
      for (let tries = 0; tries < 9; tries++)
        expect((await guess(email, newNetwork(), WRONG, device)).status).toBe(401);
      expect((await guess(email, newNetwork(), PASSWORD, device)).status).toBe(200);
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => guess(email, newNetwork(), WRONG, device)),
    );
    expect(
      countOf(
        answers.map(({ status }) => status),
        401,
      ),
    ).toBe(10);
  });

  it('does not get its tries back when the owner logs in from the same network', async () => {
    const email = await newPerson(open);
    const from = newNetwork();
    await guesses(9, email, () => from);
    expect((await guess(email, from, PASSWORD)).status).toBe(200);
    expect(countOf(await guesses(5, email, () => from), 401)).toBe(1);
  });

  it('of many accounts from one network is bounded; of IPv6 the first 64 bits count', async () => {
    let address = 0;
    const from = () => `2001:db8:7:7::${(++address).toString(16)}`;
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) => guess(`stuffed-${index}@example.com`, from())),
    );
    const statuses = answers.map(({ status }) => status);
    expect(countOf(statuses, 429)).toBe(20);
    expect((await guess('one-more@example.com', '2001:db8:7:8::1')).status).not.toBe(429);
  });

  it('is not counted where the request was not valid', async () => {
    const email = await newPerson(open);
    const from = newNetwork();
    for (let tries = 0; tries < 12; tries++)
      expect((await post('/auth/login', { email, password: '' }, from)).status).toBe(400);
    expect((await guess(email, from)).status).toBe(401);
  });

  it('of the current password with a stolen access token is bounded', async () => {
    const email = await newPerson(open);
    const { body } = await guess(email, newNetwork(), PASSWORD);
    const confirm = (method: string, path: string, content: object) =>
      request(method, `${auth[asked++ % 2]!.url}${path}`, {
        token: String(body['access_token']),
        body: content,
      });
    const ways = [
      () => confirm('DELETE', '/auth/me', { password: WRONG }),
      () =>
        confirm('POST', '/auth/password', { current_password: WRONG, new_password: `${PASSWORD} at sea` }),
      () => confirm('POST', '/auth/email', { password: WRONG, new_email: `new-${email}` }),
    ];
    const tries = Array.from({ length: 20 }, (_, index) => ways[index % ways.length]!());
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([10, 10]);
    expect((await guess(email, newNetwork(), PASSWORD)).status).toBe(200);
  });

  it('leaves neither addresses nor networks in the table, and its rows go when they have expired', async () => {
    await guess('secretive@example.com', '203.0.113.77');
    const keys = await replicas.query<{ key: string }>('select key from rate_limits');
    expect(JSON.stringify(keys)).not.toMatch(/secretive|203\.0\.113/);
    await age(2 * 86_400);
    await eventually(async () => (await replicas.query('select from rate_limits')).length === 0);
  });
});

describe('floods of other requests', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({ RATE_LIMITS: 'on' });
  });
  afterAll(() => replicas.end());

  const statusesOf = async (count: number, send: (index: number) => Promise<Answer>): Promise<number[]> =>
    (await Promise.all(Array.from({ length: count }, (_, index) => send(index)))).map(({ status }) => status);

  it('are refused: registrations of one network, whatever it says to be forwarded for', async () => {
    const statuses = await statusesOf(130, (index) =>
      request('POST', `${auth.url}/auth/register`, {
        body: { email: `${index} is no address`, password: PASSWORD },
        headers: { 'x-forwarded-for': `192.0.2.${index}` },
      }),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
    expect(auth.output().match(/set TRUST_PROXY/g)).toHaveLength(1);
  });

  it.each([
    ['links for one address', 5, '/auth/password/forgot', { email: 'flooded@example.com' }],
    [
      'guesses at links that set a password',
      60,
      '/auth/password/reset',
      { token: 'x', new_password: PASSWORD },
    ],
    ['guesses at links that verify an address', 60, '/auth/email/verify', { token: 'x' }],
  ])('are refused: %s', async (_case, limit, path, body) => {
    const statuses = await statusesOf(limit + 10, () => request('POST', `${auth.url}${path}`, { body }));
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  it('are refused: refreshes of one session', async () => {
    const email = 'refresher@example.com';
    const open = await replicas.start();
    await request('POST', `${open.url}/auth/register`, { body: { email, password: PASSWORD } });
    const { body } = await request('POST', `${open.url}/auth/login`, { body: { email, password: PASSWORD } });
    const statuses = await statusesOf(150, () =>
      request('POST', `${auth.url}/auth/refresh`, { body: { refresh_token: body['refresh_token'] } }),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
    expect(statuses.filter((status) => status === 200)).toHaveLength(120);
  });
});

describe('RATE_LIMITS', () => {
  it.each([
    { RATE_LIMITS: 'maybe' },
    { RATE_LIMITS: 'off', NODE_ENV: 'production', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
  ])('cannot be set as %o', async (environment) => {
    const { code, stderr } = await failToStart('auth', environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}RATE_LIMITS must be on, or off outside production/m);
  });
});
