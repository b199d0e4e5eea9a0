import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, PASSWORD, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the main job: register at auth, work at business', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
  });
  afterAll(() => undeploy(deployment));

  it('lets a person register, log in and use the other service with the token', async () => {
    const { auth, business } = deployment;
    const credentials = { email: 'ada@example.com', password: PASSWORD };

    const registered = await request('POST', `${auth.url}/auth/register`, { body: credentials });
    expect([registered.status, registered.body]).toEqual([202, { status: 'accepted' }]);

    const login = await request('POST', `${auth.url}/auth/login`, { body: credentials });
    expect(login.status).toBe(200);
    expect(login.headers.get('cache-control')).toBe('no-store');
    expect(login.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: expect.any(String),
    });
    const token = String(login.body['access_token']);

    const me = await request('GET', `${auth.url}/auth/me`, { token });
    expect(me.body).toEqual({
      user_id: expect.stringMatching(UUID_V7),
      email: 'ada@example.com',
      email_verified: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });

    const created = await request('POST', `${business.url}/tasks`, {
      token,
      body: { title: 'Seal the letter' },
    });
    expect(created.status).toBe(201);

    const dashboard = await request('GET', `${business.url}/dashboard`, { token });
    expect([dashboard.status, dashboard.body]).toEqual([
      200,
      { message: 'Access granted', user_id: me.body['user_id'], tasks: { open: 1, done: 0 } },
    ]);
  });

  it('keeps answering at business while auth is down', async () => {
    const token = await signUp(deployment, 'grace@example.com');
    await deployment.auth.stop();
    const dashboard = await request('GET', `${deployment.business.url}/dashboard`, { token });
    expect(dashboard.status).toBe(200);
  });
});
