import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request, type Answer } from '../support/http.js';

interface Task {
  id: string;
  title: string;
  status: string;
  due_at: string | null;
}

describe('tasks', () => {
  let deployment: Deployment;
  let ada: string;
  let eve: string;
  beforeAll(async () => {
    deployment = await deploy();
    [ada, eve] = await Promise.all([
      signUp(deployment, 'ada@example.com'),
      signUp(deployment, 'eve@example.com'),
    ]);
  });
  afterAll(() => undeploy(deployment));

  const call = <T = Record<string, unknown>>(method: string, path: string, token: string, body?: unknown) =>
    request<T>(method, `${deployment.business.url}${path}`, { token, ...(body !== undefined && { body }) });
  const create = async (token: string, title: string): Promise<Task> =>
    (await call<Task>('POST', '/tasks', token, { title })).body;

  it('are TASKS_PER_USER at most, however many are created at once; one may be created for each that is deleted', async () => {
    const { business, auth, replicas } = deployment;
    const limited = await replicas.startService('business', { AUTH_URL: auth.url, TASKS_PER_USER: '5' });
    const [max, kim] = [
      await signUp(deployment, 'max@example.com'),
      await signUp(deployment, 'kim@example.com'),
    ];
    const add = (token: string, index: number) =>
      request('POST', `${limited.url}/tasks`, { token, body: { title: `task ${index}` } });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => add(max, index)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const refused = await add(max, 13);
    expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
      409,
      'TOO_MANY_TASKS',
      'You have 5 tasks, which is the limit. Delete some first.',
    ]);
    expect((await add(kim, 1)).status).toBe(201);
    const { body } = await request<{ tasks: Task[] }>('GET', `${business.url}/tasks`, { token: max });
    expect(body.tasks).toHaveLength(5);
    await request('DELETE', `${limited.url}/tasks/${body.tasks[0]!.id}`, { token: max });
    expect((await add(max, 14)).status).toBe(201);
  });

  it('creates, reads, changes and deletes', async () => {
    const body = { title: '  Seal the letter  ', due_at: '2027-01-31T09:00:00+01:00' };
    const created = await call<Task>('POST', '/tasks', ada, body);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      title: 'Seal the letter',
      status: 'open',
      due_at: '2027-01-31T08:00:00.000Z',
      created_at: expect.any(String),
    });
    const path = `/tasks/${created.body.id}`;
    expect((await call('GET', path, ada)).body).toEqual(created.body);

    const changed = await call<Task>('PATCH', path, ada, { status: 'done', due_at: null });
    expect([changed.status, changed.body]).toEqual([200, { ...created.body, status: 'done', due_at: null }]);
    expect((await call('PATCH', path, ada, {})).body).toEqual(changed.body);

    expect((await call('DELETE', path, ada)).status).toBe(204);
    expect((await call('GET', path, ada)).status).toBe(404);
  });

  it.each(['0100-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])('keeps %s', async (due_at) => {
    const { body } = await call<Task>('POST', '/tasks', ada, { title: 'far away', due_at });
    expect((await call('GET', `/tasks/${body.id}`, ada)).body['due_at']).toBe(due_at);
  });

  it('never shows one person the tasks of another, nor lets them be changed', async () => {
    const { id } = await create(ada, 'private');
    const path = `/tasks/${id}`;
    const missing = await call('GET', '/tasks/0198f000-0000-7000-8000-000000000000', eve);
    for (const attempt of [
      await call('GET', path, eve),
      await call('PATCH', path, eve, { title: 'mine now' }),
      await call('PATCH', path, eve, {}),
      await call('DELETE', path, eve),
    ]) {
      expect([attempt.status, attempt.body]).toEqual([404, missing.body]);
    }
    const listed = await call<{ tasks: Task[] }>('GET', '/tasks?limit=100', eve);
    expect(listed.body.tasks).toEqual([]);
    expect((await call<Task>('GET', path, ada)).body.title).toBe('private');
  });

  it('does not let a client choose the owner', async () => {
    const headers = { 'x-user-id': 'somebody', 'x-forwarded-user': 'somebody' };
    const answer = await request('GET', `${deployment.business.url}/dashboard`, { token: eve, headers });
    expect(answer.body['user_id']).not.toBe('somebody');
    expect((await call('POST', '/tasks', eve, { title: 'x', owner_id: 'somebody' })).status).toBe(400);
  });

  it('lists newest first, page by page, each task once', async () => {
    const token = await signUp(deployment, 'pages@example.com');
    const titles = Array.from({ length: 7 }, (_, index) => `task ${index}`);
    for (const title of titles) await create(token, title);

    const seen: string[] = [];
    let query = '/tasks?limit=3';
    for (let pages = 0; pages < 3; pages++) {
      const { body } = await call<{ tasks: Task[]; next_cursor: string | null }>('GET', query, token);
      seen.push(...body.tasks.map((task) => task.title));
      query = `/tasks?limit=3&cursor=${body.next_cursor}`;
      if (pages === 2) expect(body.next_cursor).toBeNull();
    }
    expect(seen).toEqual(titles.toReversed());
  });

  it('lists by status, and counts them on the dashboard', async () => {
    const token = await signUp(deployment, 'status@example.com');
    const { id } = await create(token, 'to be done');
    await create(token, 'stays open');
    await call('PATCH', `/tasks/${id}`, token, { status: 'done' });
    const done = await call<{ tasks: Task[] }>('GET', '/tasks?status=done', token);
    expect(done.body.tasks.map((task) => task.title)).toEqual(['to be done']);
    expect((await call('GET', '/dashboard', token)).body['tasks']).toEqual({ open: 1, done: 1 });
  });

  it.each([
    ['POST', {}, 'title'],
    ['POST', { title: '' }, 'title'],
    ['POST', { title: '   ' }, 'title'],
    ['POST', { title: 'x'.repeat(201) }, 'title'],
    ['POST', { title: 'nul \u0000' }, 'title'],
    ['POST', { title: 'half a pair \ud800' }, 'title'],
    ['POST', { title: 1 }, 'title'],
    ['POST', { title: { $ne: '' } }, 'title'],
    ['POST', { title: 'x', due_at: 'tomorrow' }, 'due_at'],
    ['POST', { title: 'x', due_at: '2027-02-30T00:00:00Z' }, 'due_at'],
    ['POST', { title: 'x', due_at: '2027-01-31T09:00:00' }, 'due_at'],
    ['POST', { title: 'x', due_at: '0000-12-31T23:59:59Z' }, 'due_at'],
    ['POST', { title: 'x', due_at: '0100-01-01T00:00:00+00:01' }, 'due_at'],
    ['POST', { title: 'x', due_at: '9999-12-31T23:59:59-00:01' }, 'due_at'],
    ['POST', { title: 'x', due_at: 1 }, 'due_at'],
    ['POST', { title: 'x', status: 'done' }, 'status'],
    ['PATCH', { status: 'burnt' }, 'status'],
    ['PATCH', { status: null }, 'status'],
    ['PATCH', { title: null }, 'title'],
    ['PATCH', { title: '' }, 'title'],
    ['PATCH', { due_at: 'never' }, 'due_at'],
    ['PATCH', { id: 'mine' }, 'id'],
  ])('refuses %s %j, naming %s, and changes nothing', async (method, body, field) => {
    const task = await create(ada, 'unchanged');
    const before = await call('GET', '/tasks?limit=100', ada);
    const answer = await call(method, method === 'POST' ? '/tasks' : `/tasks/${task.id}`, ada, body);
    expect([answer.status, fields(answer)]).toEqual([400, [field]]);
    expect((await call('GET', '/tasks?limit=100', ada)).body).toEqual(before.body);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['status=burnt', 'status'],
    ['cursor=%00', 'cursor'],
    ['cursor=1', 'cursor'],
    ['owner=ada', 'owner'],
  ])('refuses the query %s', async (query, field) => {
    const answer = await call('GET', `/tasks?${query}`, ada);
    expect([answer.status, fields(answer)]).toEqual([400, [field]]);
  });

  it.each(['1', 'x', '%00', "'%20or%201=1--", '0198f000-0000-7000-8000-00000000000g'])(
    'knows no task with the id %s',
    async (id) => {
      for (const method of ['GET', 'DELETE'])
        expect((await call(method, `/tasks/${id}`, ada)).status).toBe(404);
      expect((await call('PATCH', `/tasks/${id}`, ada, { title: 'x' })).status).toBe(404);
    },
  );

  function fields({ body }: Answer): unknown {
    return (body['errors'] as { field: string }[] | undefined)?.map(({ field }) => field);
  }
});
