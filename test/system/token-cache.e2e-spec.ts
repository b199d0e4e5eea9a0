import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deploy, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import { APPS } from '../support/service.js';

const GUARDED = { auth: '/auth/me', business: '/dashboard' } as const;

/** `TOKEN_CACHE_MAX_*` is documented for both services. */
describe('the cache of verified tokens', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy({ TOKEN_CACHE_MAX_ENTRIES: '1' });
  });
  afterAll(() => undeploy(deployment));

  it.each(APPS)('holds no more in %s than it is told', async (app) => {
    const service = deployment[app];
    for (const name of ['one', 'two', 'three']) {
      const token = await signUp(deployment, `${name}-${app}@example.com`);
      expect((await request('GET', `${service.url}${GUARDED[app]}`, { token })).status).toBe(200);
    }
    expect((await readMetrics(service)).get('token_cache_entries')).toBe(1);
  });
});
