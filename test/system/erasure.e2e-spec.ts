import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, logIn, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import { claimsOf, eventually } from '../support/sessions.js';

describe('a person who deletes their account', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
    // Business makes itself known to auth: in development that takes no registration.
    await eventually(
      async () => (await readMetrics(deployment.business)).get('account_events_receiving') === 1,
    );
  });
  afterAll(() => undeploy(deployment));

  it('has no tasks left at business, while others keep theirs', async () => {
    const { business, auth } = deployment;
    const [ada, bob] = [
      await signUp(deployment, 'ada@example.com'),
      await signUp(deployment, 'bob@example.com'),
    ];
    for (const token of [ada, bob])
      await request('POST', `${business.url}/tasks`, { token, body: { title: 'a' } });
    await request('DELETE', `${auth.url}/auth/me`, { token: ada, body: { password: PASSWORD } });
    const handled = async () => (await readMetrics(business)).get('account_events_total{outcome="handled"}');
    await eventually(async () => (await handled()) === 1);
    const rows = await deployment.replicas.query('select owner_id from tasks', [], 'business');
    expect(rows).toEqual([{ owner_id: claimsOf(bob).sub }]);
    expect(
      (await request('GET', `${business.url}/tasks`, { token: await logIn(deployment, 'bob@example.com') }))
        .body,
    ).toMatchObject({ tasks: [{ title: 'a' }] });
  });
});
