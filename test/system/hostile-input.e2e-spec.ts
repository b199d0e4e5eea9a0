import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeConnections, send, type Answer } from '../fuzz/client.js';
import { CONTENT_TYPES, HOSTILE_BODIES, NAUGHTY_STRINGS, UNKNOWN_FIELDS } from '../fuzz/hostile.js';
import { Contract } from '../fuzz/contract.js';
import { Person } from '../fuzz/person.js';
import { routesOf, type Route } from '../fuzz/routes.js';
import { jsonOf } from '../fuzz/values.js';
import { complaint } from '../fuzz/verdict.js';
import { deploy, undeploy, type Deployment } from '../support/deployment.js';
import { sendRaw } from '../support/raw-http.js';
import { APPS } from '../support/service.js';
import { WatchedRows } from '../support/watched-rows.js';

const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** A good value of each field; `$email` and the like are the person's own. */
const GOOD: Readonly<Record<string, unknown>> = {
  email: '$email',
  password: '$password',
  current_password: '$password',
  new_password: '$password and more',
  refresh_token: '$refresh_token',
  new_email: 'new@example.com',
  title: 'Seal the letter',
  status: 'open',
  due_at: '2030-01-01T00:00:00Z',
};

interface Attempt {
  readonly path?: string;
  readonly type?: string;
  readonly body?: string | undefined;
}

describe.each(APPS)('%s, given what it did not ask for,', (app) => {
  let deployment: Deployment;
  let urls: Record<(typeof APPS)[number], string>;
  let rows: WatchedRows;
  let routes: Route[];
  let contract: Contract;
  let person: Person;
  beforeAll(async () => {
    deployment = await deploy();
    urls = { auth: deployment.auth.url, business: deployment.business.url };
    rows = await WatchedRows.of(await deployment.replicas.urlOf(app));
    routes = await routesOf(urls[app]);
    contract = new Contract(routes);
  });
  afterAll(async () => {
    closeConnections();
    await rows.end();
    await undeploy(deployment);
  });
  beforeEach(async () => void (person = await Person.register(urls)));

  /** Routes of administrators and of services refuse a user before they look at the body. */
  const withBody = () =>
    routes.filter(({ fields, path }) => fields !== undefined && !/^\/(admin|ssf)\//.test(path));
  const goodFields = ({ fields = {} }: Route): [string, unknown][] =>
    Object.keys(fields).map((name) => [name, GOOD[name] ?? 'x']);
  const replaced = (fields: [string, unknown][], name: string, value: unknown): [string, unknown][] =>
    fields.map(([own, good]) => [own, own === name ? value : good]);

  /** What is wrong with the answer, or with the rows after it. */
  async function attempt(
    route: Route,
    { path = route.path, type = 'application/json', body }: Attempt,
  ): Promise<{ readonly answer: Answer; readonly wrong: string | undefined }> {
    await rows.settle();
    const before = await rows.fingerprint();
    const { method } = route;
    const filled = person.fill(app, path.replaceAll(/\{\w+\}/g, '$id'));
    const answer = await send(urls[app], {
      method,
      path: filled,
      headers: {
        authorization: person.authorization('good') ?? '',
        ...(body !== undefined && { 'content-type': type }),
      },
      body: body && person.fill(app, body),
    });
    const wrong = complaint({ method, path: filled, credential: 'good' }, answer, contract);
    const isRefused = answer.status >= 400;
    if (!isRefused && app === 'auth') person = await Person.register(urls);
    const hasChanged = isRefused && before !== (await rows.fingerprint());
    return { answer, wrong: wrong ?? (hasChanged ? `${answer.status}, and rows have changed` : undefined) };
  }

  it('refuses fields that no body has, whatever they are named, and changes nothing', async () => {
    const faults: unknown[] = [];
    for (const route of withBody()) {
      for (const name of UNKNOWN_FIELDS.filter(
        (unknown) => !(unknown in (route.fields ?? {})) || unknown in {},
      )) {
        for (const value of [true, { prototype: { is_admin: true } }]) {
          const body = jsonOf([...goodFields(route), [name, value]]);
          const { answer, wrong } = await attempt(route, { body });
          if (wrong !== undefined || answer.status !== 400)
            faults.push([route.path, name, wrong ?? answer.status]);
        }
      }
    }
    expect(faults).toEqual([]);
    expect(({} as Record<string, unknown>)['is_admin']).toBeUndefined();
  });

  it('takes no string in any field for more than text', async () => {
    const faults: unknown[] = [];
    let attempts = 0;
    for (const route of routes) {
      const good = goodFields(route);
      const bodies = good.flatMap(([name]) =>
        NAUGHTY_STRINGS.map((text) => jsonOf(replaced(good, name, text))),
      );
      const queries = Object.keys(route.query).flatMap((name) =>
        NAUGHTY_STRINGS.map((text) => `${route.path}?${name}=${encoded(text)}`),
      );
      const paths = NAUGHTY_STRINGS.map((text) => route.path.replaceAll(/\{\w+\}/g, encoded(text)));
      const body = good.length > 0 ? jsonOf(good) : undefined;
      for (const each of [
        ...bodies.map((text) => ({ body: text })),
        ...queries.map((path) => ({ path })),
        ...paths.filter((path) => path !== route.path).map((path) => ({ path, body })),
      ]) {
        attempts++;
        const { wrong } = await attempt(route, each);
        if (wrong !== undefined) faults.push([route.method, each, wrong]);
      }
    }
    expect(faults).toEqual([]);
    expect(attempts).toBeGreaterThan(200);
  }, 300_000);

  it('takes nothing for JSON that is none, nor what goes beyond its limits', async () => {
    const faults: unknown[] = [];
    for (const route of withBody()) {
      for (const body of HOSTILE_BODIES) {
        const { answer, wrong } = await attempt(route, { body });
        // An empty object changes nothing of a task, and ends a session: its fields are optional.
        const isFine = answer.status >= 400 || route.required.length === 0;
        if (wrong !== undefined || !isFine)
          faults.push([route.path, body.slice(0, 100), wrong ?? answer.status]);
      }
    }
    expect(faults).toEqual([]);
  });

  it('is not talked out of JSON by a Content-Type', async () => {
    const faults: unknown[] = [];
    for (const route of withBody()) {
      for (const type of CONTENT_TYPES.filter((each) => !JSON_TYPE.test(each))) {
        const { answer, wrong } = await attempt(route, { type, body: jsonOf(goodFields(route)) });
        if (wrong !== undefined || answer.status !== 415)
          faults.push([route.path, type, wrong ?? answer.status]);
      }
    }
    expect(faults).toEqual([]);
  });

  it.each([
    ['none', '', 415],
    [
      'two, of which the first is another',
      'Content-Type: text/plain\r\nContent-Type: application/json\r\n',
      415,
    ],
    ['JSON in UTF-16, and so it is', 'Content-Type: application/json;charset=utf-16\r\n', 400],
  ])('refuses a body whose Content-Type is %s', async (_case, fields, status) => {
    const route = withBody().find(({ method }) => method === 'POST');
    if (!route) throw new Error('no route takes a body');
    await rows.settle();
    const before = await rows.fingerprint();
    const text = person.fill(app, jsonOf(goodFields(route)));
    const body = status === 400 ? text.replaceAll(/./gs, '$&\0') : text;
    const answer = await sendRaw(
      urls[app],
      `POST ${route.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${person.authorization('good')}\r\n` +
        `${fields}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer.split('\r\n', 1)[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await rows.fingerprint()).toBe(before);
  });
});

describe('the query of GET /tasks', () => {
  let deployment: Deployment;
  let person: Person;
  let other: Person;
  beforeAll(async () => {
    deployment = await deploy();
    const urls = { auth: deployment.auth.url, business: deployment.business.url };
    [person, other] = await Promise.all([Person.register(urls), Person.register(urls)]);
  });
  afterAll(async () => {
    closeConnections();
    await undeploy(deployment);
  });

  const list = async (query: string) => {
    const headers = { authorization: person.authorization('good') ?? '' };
    const answer = await send(deployment.business.url, {
      method: 'GET',
      path: `/tasks?${query}`,
      headers,
      body: undefined,
    });
    return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
  };

  it.each([
    ...NAUGHTY_STRINGS.slice(0, 4),
    '0198f000-0000-7000-8000',
    '0198f00000007000800000000000000g',
    '{0198f000-0000-7000-8000-000000000000}',
    'urn:uuid:0198f000-0000-7000-8000-000000000000',
    '0198f000-0000-7000-8000-000000000000\u0000',
    "0198f000-0000-7000-8000-000000000000' or '1'='1",
    'MDE5OGYwMDA=',
  ])('refuses the cursor %j', async (cursor) => {
    const { status, body } = await list(`cursor=${encoded(cursor)}`);
    expect([status, body['errors']]).toEqual([400, [{ field: 'cursor', message: expect.any(String) }]]);
  });

  it('lists nobody else’s tasks after the cursor of somebody else', async () => {
    const own = await list('limit=100');
    const after = await list(`cursor=${other.fill('business', '$id')}`);
    expect(after.status).toBe(200);
    const ids = (body: Record<string, unknown>) => (body['tasks'] as { id: string }[]).map(({ id }) => id);
    expect(ids(own.body)).toEqual(expect.arrayContaining(ids(after.body)));
    expect(ids(own.body)).not.toContain(other.fill('business', '$id'));
  });

  it.each([
    '__proto__',
    '__proto__[limit]',
    'constructor',
    'constructor.prototype.limit',
    'hasOwnProperty',
    'toString',
  ])('refuses the key %s', async (key) => {
    const { status, body } = await list(`${encoded(key)}=1`);
    expect([status, body['errors']]).toEqual([400, [{ field: key, message: 'is not a known field' }]]);
  });
});

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
