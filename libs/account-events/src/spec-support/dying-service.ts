/** A process that handles account events until one of them ends it: `argv` is the schema, auth's URL and who is poison. */
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { DrizzleAccountEventStore, type DrizzleTransaction } from '../drizzle.js';
import { AccountEventsModule, OnAccountEvent, type AccountEvent } from '../index.js';
import { CLIENT, ISSUER } from './fake-transmitter.js';

const [, , schema = '', authUrl = '', poison = ''] = process.argv;
const pool = new Pool({
  connectionString: process.env['TEST_DATABASE_URL'] ?? '',
  options: `-c search_path=${schema}`,
});

class Handlers {
  @OnAccountEvent('account-purged')
  async erase({ userId }: AccountEvent, tx: DrizzleTransaction): Promise<void> {
    await tx.execute(sql`insert into effects values (${userId})`);
    if (userId === poison) process.kill(process.pid, 'SIGKILL');
  }
}

@Module({
  imports: [
    AccountEventsModule.forRoot({
      store: new DrizzleAccountEventStore(drizzle(pool)),
      authUrl,
      issuer: ISSUER,
      clientId: CLIENT,
      clientSecret: 'secret',
      maxAttempts: 3,
    }),
  ],
  providers: [Handlers],
})
class DyingService {}

await NestFactory.createApplicationContext(DyingService, { logger: false });
