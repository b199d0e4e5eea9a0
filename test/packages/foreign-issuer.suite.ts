import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import { blockOf, README } from './docs.js';
import { FreshApp, type RunningApp } from './fresh-app.js';
import { Realm } from './realm.js';
import type { Starter } from './starters.js';

/** The block of the README that trusts another issuer, with the address of a test's own in the place of the example. */
function moduleThatTrustsAnotherIssuer(): string {
  const block = blockOf(README, 'Trust another issuer');
  const example = "'https://id.example.com/realms/shop'";
  if (!block.includes(example)) throw new Error('the README names another issuer');
  return `
import { JwtSharedModule } from '@signet/jwt-shared';
import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

const guard = ${block.replace(example, 'process.env.ISSUER!')}
@Module({ imports: [guard], controllers: [AppController] })
export class AppModule {}
`;
}

/** @param installed an app of the same starter whose packages are there */
export function describeForeignIssuer(starter: Starter, installed: () => FreshApp): void {
  describe('with an issuer that is not ours', () => {
    let realm: Realm;
    let app: FreshApp;
    let running: RunningApp;
    beforeAll(async () => {
      realm = await Realm.start();
      app = FreshApp.write(starter, { 'src/app.module.ts': moduleThatTrustsAnotherIssuer() });
      await app.shareInstallation(installed());
      await app.npm('run', 'build');
      running = await app.start({ ISSUER: realm.issuer });
    });
    afterAll(async () => {
      await running?.stop();
      app.remove();
      await realm.stop();
    });

    const get = (path: string, token?: string) => request('GET', `${running.url}${path}`, { token });
    const statusOf = async (path: string, token?: string) => (await get(path, token)).status;

    it('refuses what has no token, and lets its users in', async () => {
      expect(await statusOf('/me')).toBe(401);
      expect(await statusOf('/open')).toBe(200);
      const answer = await get('/me', realm.token());
      expect([answer.status, answer.body]).toEqual([200, { userId: 'ada' }]);
    });

    it('reads roles from nested claims', async () => {
      expect(await statusOf('/admin', realm.token())).toBe(403);
      expect(await statusOf('/admin', realm.token({ realm_access: { roles: ['support'] } }))).toBe(403);
      expect(await statusOf('/admin', realm.token({ roles: ['admin'] }))).toBe(403);
      expect(await statusOf('/admin', realm.token({ realm_access: { roles: ['support', 'admin'] } }))).toBe(
        200,
      );
    });

    it('refuses another issuer, to the letter, another audience and another algorithm', async () => {
      for (const token of [
        realm.token({ iss: `${realm.issuer}/` }),
        realm.token({ iss: realm.issuer.replace('shop', 'Shop') }),
        realm.token({ aud: 'account' }),
        realm.tokenOfOtherAlgorithm(),
      ]) {
        expect((await get('/me', token)).body).toMatchObject({ status: 401, code: 'INVALID_TOKEN' });
      }
      expect(running.output()).toContain(`its iss is not ${realm.issuer}`);
      expect(running.output()).toContain('its alg is not RS256');
    });

    it('does not take a service account for a user', async () => {
      const token = realm.token({ azp: 'jobs', clientHost: '127.0.0.1', clientAddress: '127.0.0.1' });
      expect((await get('/me', token)).body).toMatchObject({ status: 403, code: 'USER_REQUIRED' });
    });

    it('says at the start what it trusts, and takes no keys of an issuer with another name', async () => {
      expect(running.output()).toContain(
        `Trusts issuer ${realm.issuer}, audience orders, algorithm RS256, profile oidc; revocation off`,
      );
      const other = await app.start({ ISSUER: `${realm.issuer}/` });
      const answer = await request('GET', `${other.url}/me`, {
        token: realm.token({ iss: `${realm.issuer}/` }),
      });
      expect(answer.status).toBe(503);
      await other.stop();
    });
  });
}
