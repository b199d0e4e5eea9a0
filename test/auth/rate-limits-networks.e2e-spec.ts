import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas, newPerson } from '../support/sessions.js';

const WRONG = 'not the password at all';

/** A replica with limits behind one proxy. */
describe('the network of a client', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  let open: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    open = await replicas.start();
    auth = await replicas.start({
      RATE_LIMITS: 'on',
      TRUST_PROXY: '1',
      HASH_QUEUE: '300',
      HASH_DEADLINE_SECONDS: '60',
    });
  });
  afterAll(() => replicas.end());

  const post = (path: string, body: object, from: string): Promise<Answer> =>
    request('POST', `${auth.url}${path}`, { body, headers: { 'x-forwarded-for': from } });
  const statusesOf = async (count: number, send: (index: number) => Promise<Answer>): Promise<number[]> =>
    (await Promise.all(Array.from({ length: count }, (_, index) => send(index)))).map(({ status }) => status);
  const countOf = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;
  const guess = (email: string, from: string) => post('/auth/login', { email, password: WRONG }, from);

  it('is stored as an address or not at all', async () => {
    const email = await newPerson(open);
    const sent = `\u009b2J${'9'.repeat(3000)}`;
    const answer = await post(
      '/auth/login',
      { email, password: PASSWORD },
      Buffer.from(sent).toString('latin1'),
    );
    expect(answer.status).toBe(200);
    await post('/auth/login', { email, password: PASSWORD }, '[2001:DB8:0::7]:443');
    const stored = await replicas.query<{ ip: string }>(
      `select s.ip from sessions s join users u on u.id = s.user_id where u.email = $1 order by s.id`,
      [email],
    );
    expect(stored.map(({ ip }) => ip)).toEqual(['127.0.0.1', '2001:db8::7']);
    const environment = replicas.environment;
    const { events } = await operateJson<{ events: { ip: string }[] }>(
      ['audit', 'list', '--user', email],
      environment,
    );
    expect(events.map(({ ip }) => ip)).toEqual(['2001:db8::7', '127.0.0.1', '127.0.0.1']);
  });

  it.each([
    ['the port that a proxy adds', (index: number) => `198.51.100.8:${20_001 + index}`, 30],
    ['the port of an IPv6 address', (index: number) => `[2001:db8:a::1]:${20_001 + index}`, 30],
    ['what is no address', (index: number) => `client-${index}`, 30],
    ['another network of the same site', (index: number) => `2001:db8:b:${index.toString(16)}::1`, 10],
  ])('does not change with %s', async (name, from, refused) => {
    const statuses = await statusesOf(130, (index) =>
      guess(`${name.length}-${index}@example.com`, from(index)),
    );
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([130 - refused, refused]);
  });

  it('keeps its budget when another budget refuses the attempt', async () => {
    const from = '198.51.100.20';
    const forgot = (email: string) => post('/auth/password/forgot', { email }, from);
    const statuses = await statusesOf(80, () => forgot('impatient@example.com'));
    expect([countOf(statuses, 202), countOf(statuses, 429)]).toEqual([5, 75]);
    expect((await forgot('patient@example.com')).status).toBe(202);
  });

  it('keeps its budget for guesses, also when many of its people log in at once', async () => {
    const from = '198.51.100.21';
    const emails = await Promise.all(Array.from({ length: 12 }, () => newPerson(open)));
    const statuses: number[] = [];
    for (let round = 0; round < 10; round++) {
      const some = emails.map((email) => post('/auth/login', { email, password: PASSWORD }, from));
      statuses.push(...(await Promise.all(some)).map(({ status }) => status));
    }
    expect(countOf(statuses, 200)).toBe(120);
  });
});
