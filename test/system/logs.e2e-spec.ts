import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../support/deployment.js';
import { request } from '../support/http.js';
import { logLines } from '../support/log-lines.js';
import { AuthReplicas } from '../support/sessions.js';
import type { RunningService } from '../support/service.js';

describe('logs', () => {
  let replicas: AuthReplicas;
  let auth: RunningService;
  beforeAll(async () => {
    replicas = await AuthReplicas.prepare();
    auth = await replicas.start({ LOG_LEVEL: 'trace' });
  });
  afterAll(() => replicas.end());

  it('name the request in the line about its failure, for each of those under way', async () => {
    await replicas.lockOut();
    const body = { email: 'ada@example.com', password: PASSWORD };
    const ids = ['first', 'second', 'third'];
    const answers = await Promise.all(
      ids.map((id) => request('POST', `${auth.url}/auth/login`, { body, headers: { 'x-request-id': id } })),
    );
    await replicas.letIn();
    expect(answers.every(({ status }) => status >= 500)).toBe(true);
    expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(ids);
    const failures = logLines(auth).filter(({ context }) => context === 'Errors');
    expect(failures.map((line) => String(line['request_id'])).toSorted()).toEqual(ids.toSorted());
  });

  it('are one JSON object a line, and of a request say what is on the list', async () => {
    await request('GET', `${auth.url}/no/such/path?token=secret`, { token: 'secret' });
    const lines = auth.output().trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
    const requests = logLines(auth).filter(({ msg }) => msg === 'request');
    const keys = new Set(requests.flatMap((line) => Object.keys(line)));
    expect([...keys].toSorted()).toEqual([
      'duration_ms',
      'level',
      'method',
      'msg',
      'remote_address',
      'request_id',
      'route',
      'service',
      'status',
      'time',
    ]);
  });
});
