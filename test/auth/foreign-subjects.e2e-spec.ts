import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { forge } from '../support/tokens.js';

const ROUTES = [
  ['GET', '/auth/me'],
  ['GET', '/auth/sessions'],
  ['DELETE', '/auth/sessions'],
  ['DELETE', '/auth/sessions/018f0000-0000-7000-8000-000000000000'],
  ['POST', '/auth/logout'],
] as const;

/** Under a shared secret every service can sign: whatever it says of its people is no reason for an error of ours. */
describe('a well-signed token of somebody that auth cannot have', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
  });
  afterAll(() => undeploy(deployment));

  it.each(['42', 'ada', 'a\u0000b', '\ud83d\ude00', "'; drop table users; --", 'x'.repeat(255)])(
    'is refused when sub is %j',
    async (sub) => {
      const token = await forge(deployment.secret, { sub });
      for (const [method, path] of ROUTES) {
        const { status, body, headers } = await request(method, deployment.auth.url + path, { token });
        expect([path, status, body['detail']]).toEqual([path, 401, 'Invalid token']);
        expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      }
    },
  );

  it('is refused when its session is none of auth', async () => {
    const sub = '018f0000-0000-7000-8000-000000000000';
    const token = await forge(deployment.secret, { sub, sid: 'a\u0000b' });
    for (const [method, path] of ROUTES)
      expect((await request(method, deployment.auth.url + path, { token })).status).toBe(401);
  });

  it('does not stand in the way of logging out by a refresh token', async () => {
    const token = await forge(deployment.secret, { sub: '42' });
    const { status } = await request('POST', `${deployment.auth.url}/auth/logout`, {
      token,
      body: { refresh_token: 'none' },
    });
    expect(status).toBe(204);
  });
});
