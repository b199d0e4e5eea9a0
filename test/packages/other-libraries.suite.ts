import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@signet/service-kit/testing';
import { Client } from 'pg';
import { request } from '../support/http.js';
import { addClient } from '../support/oauth.js';
import { startService, type RunningService } from '../support/service.js';
import {
  AuthReplicas,
  beginSession,
  claimsOf,
  databaseOf,
  eventually,
  newPerson,
} from '../support/sessions.js';
import { FreshApp, type RunningApp } from './fresh-app.js';
import type { Starter } from './starters.js';

/** An app that calls `business` for its users, and notes whose sessions have ended. */
const FILES = {
  'src/app.module.ts': `
import { AccountEventsModule, OnAccountEvent, type AccountEvent } from '@signet/account-events';
import { DrizzleAccountEventStore } from '@signet/account-events/drizzle';
import { JwtSharedModule } from '@signet/jwt-shared';
import { InjectService, ServiceClientModule, type ServiceClient } from '@signet/service-client';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';

type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

@Controller()
class TasksController {
  constructor(@InjectService('business') private readonly business: ServiceClient) {}

  @Get('tasks-of-the-user')
  async tasks() {
    const response = await this.business.fetch('/tasks');
    return { status: response.status, answer: await response.json() };
  }
}

@Injectable()
class EndedSessions {
  @OnAccountEvent('session-revoked')
  async note({ userId, sessionId }: AccountEvent, tx: Transaction): Promise<void> {
    await tx.execute(sql\`insert into ended_sessions values (\${userId}, \${sessionId})\`);
  }
}

@Module({
  imports: [
    JwtSharedModule.forRoot(),
    ServiceClientModule.forRoot({ services: { business: { url: process.env.BUSINESS_URL ?? 'http://localhost:3001' } } }),
    AccountEventsModule.forRoot({ store: new DrizzleAccountEventStore(drizzle(process.env.DATABASE_URL!)) }),
  ],
  controllers: [TasksController],
  providers: [EndedSessions],
})
export class AppModule {}
`,
};

/** @param installed an app of the same starter whose packages are there */
export function describeOtherLibraries(starter: Starter, installed: () => FreshApp): void {
  describe('with the client of other services and the account events', () => {
    let replicas: AuthReplicas;
    let databases: Record<'business' | 'shop', TestDatabase>;
    let auth: RunningService;
    let business: RunningService;
    let app: FreshApp;
    let running: RunningApp;
    beforeAll(async () => {
      replicas = await AuthReplicas.prepare();
      // The tables of account events are among those of business.
      databases = { business: await databaseOf('business'), shop: await databaseOf('business') };
      const environment = {
        ...replicas.secrets,
        DATABASE_URL: replicas.database.url,
        JWT_AUDIENCE: 'business,shop',
      };
      auth = await replicas.start(environment);
      const grants = '--audience business --audience auth --scope events --on-behalf-of-users';
      const { client_secret: CLIENT_SECRET } = await addClient('shop', grants, environment);
      const { JWT_SECRET, REVOCATION_FEED_KEY } = replicas.secrets;
      const shared = { JWT_SECRET, REVOCATION_FEED_KEY, AUTH_URL: auth.url };
      business = await startService('business', {
        ...shared,
        DATABASE_URL: databases.business.url,
        JWT_AUDIENCE: 'business',
      });
      await query('create table ended_sessions (user_id text, session_id text)');
      app = FreshApp.write(starter, FILES);
      await installed().add('service-client', 'account-events');
      await installed().npm(
        'install',
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        'drizzle-orm@~0.45.0',
        'pg',
      );
      await app.shareInstallation(installed());
      await app.npm('run', 'build');
      running = await app.start({
        ...shared,
        JWT_AUDIENCE: 'shop',
        BUSINESS_URL: business.url,
        DATABASE_URL: databases.shop.url,
        CLIENT_ID: 'shop',
        CLIENT_SECRET,
      });
    });
    afterAll(async () => {
      await running?.stop();
      app?.remove();
      await replicas.end();
      for (const database of Object.values(databases)) await database.drop();
    });

    async function query(statement: string): Promise<Record<string, string>[]> {
      const client = new Client({ connectionString: databases.shop.url });
      await client.connect();
      try {
        return (await client.query(statement)).rows as Record<string, string>[];
      } finally {
        await client.end();
      }
    }

    it('calls another service for its user, with a token', async () => {
      expect((await request('GET', `${running.url}/tasks-of-the-user`)).status).toBe(401);
      const { access_token: token } = await beginSession(auth, await newPerson(auth));
      await request('POST', `${business.url}/tasks`, { token, body: { title: 'of Ada' } });
      const { body } = await request('GET', `${running.url}/tasks-of-the-user`, { token });
      expect(body).toMatchObject({ status: 200, answer: { tasks: [{ title: 'of Ada' }] } });
    });

    it('handles an event of an account, once', async () => {
      const { access_token: token } = await beginSession(auth, await newPerson(auth));
      await request('POST', `${auth.url}/auth/logout`, { token });
      const { sub, sid } = claimsOf(token);
      const ended = () => query(`select * from ended_sessions where session_id = '${sid}'`);
      await eventually(async () => (await ended()).length > 0);
      expect(await ended()).toEqual([{ user_id: sub, session_id: sid }]);
    });
  });
}
