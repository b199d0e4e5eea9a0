import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';
import { operate, operateJson } from '../support/operator.js';
import type { RunningService } from '../support/service.js';
import { AuthReplicas } from '../support/sessions.js';

describe('the spellings of one mailbox', () => {
  let replicas: AuthReplicas;
  let open: RunningService;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    [open, auth] = await Promise.all([replicas.start(), replicas.start({ RATE_LIMITS: 'on' })]);
  });
  afterAll(() => replicas.end());

  const post = ({ url }: RunningService, path: string, body: object): Promise<Answer> =>
    request('POST', `${url}${path}`, { body });
  const register = (email: string, password = PASSWORD) => post(open, '/auth/register', { email, password });
  const logIn = async (email: string, password = PASSWORD) =>
    (await post(open, '/auth/login', { email, password })).status;

  it('are one account', async () => {
    await register('ada@bücher.example');
    await register('ada@xn--bcher-kva.example', 'somebody else entirely');
    expect(await logIn('ADA@BÜCHER。example')).toBe(200);
    expect(await logIn('ada@xn--bcher-kva.example', 'somebody else entirely')).toBe(401);
    expect(await replicas.query(`select email from users where email like 'ada@%'`)).toEqual([
      { email: 'ada@xn--bcher-kva.example' },
    ]);
  });

  it.each(['ada@co\u00adrp.example', 'ada@corp\u200b.example', '"ada"@corp.example', 'a da@corp.example'])(
    'are refused where no reader can tell them apart: %j',
    async (email) => {
      const { status, body } = await register(email);
      expect([status, body['errors']]).toEqual([
        400,
        [{ field: 'email', message: 'must be an e-mail address' }],
      ]);
    },
  );

  it('share one limit', async () => {
    const spellings = [
      'corp.example',
      'ⓒorp.example',
      'corp。example',
      'ＣＯＲＰ.example',
      'cⓞrp.example',
      'coⓡp.example',
    ];
    const statuses: number[] = [];
    for (const domain of spellings)
      statuses.push((await post(auth, '/auth/password/forgot', { email: `eve@${domain}` })).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });

  it('that earlier versions stored go on logging in, and are reported', async () => {
    await register('old@müller.example');
    await register('old@corp.example');
    const environment = replicas.environment;
    const report = () =>
      operateJson<{ addresses: { email: string; canonical: string | null; same_mailbox_as: string[] }[] }>(
        ['users', 'addresses'],
        environment,
      );
    expect((await report()).addresses).toEqual([]);
    await replicas.query(`update users set email = 'old@müller.example' where email like 'old@xn--%'`);
    expect(await logIn('old@müller.example')).toBe(200);
    await register('old@xn--mller-kva.example', 'somebody else entirely');
    expect(await logIn('old@xn--mller-kva.example', 'somebody else entirely')).toBe(401);
    expect((await report()).addresses).toEqual([
      {
        user_id: expect.any(String),
        email: 'old@müller.example',
        canonical: 'old@xn--mller-kva.example',
        same_mailbox_as: [],
      },
    ]);
    const [{ id } = { id: '' }] = await replicas.query<{ id: string }>(
      `select id from users where email = 'old@corp.example'`,
    );
    await replicas.query(
      `insert into users (email, password_hash) values ('old@ⓒorp.example', '!'), ('"old"@corp.example', '!')`,
    );
    const { code, stdout, stderr } = await operate(['users', 'addresses', '--json'], environment);
    expect(code).toBe(1);
    expect(stderr).toContain('1 of the accounts share a mailbox with another one');
    expect((JSON.parse(stdout) as { addresses: object[] }).addresses.slice(1)).toEqual([
      {
        user_id: expect.any(String),
        email: 'old@ⓒorp.example',
        canonical: 'old@corp.example',
        same_mailbox_as: [id],
      },
      { user_id: expect.any(String), email: '"old"@corp.example', canonical: null, same_mailbox_as: [] },
    ]);
  });
});
