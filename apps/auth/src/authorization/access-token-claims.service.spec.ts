import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { decodeJwt } from 'jose';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmailService } from '../accounts/email.service.js';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { LoginService } from '../auth/login.service.js';
import { LiveRevocationsService } from '../revocation/live-revocations.service.js';
import { PasswordHasherService } from '../users/password-hasher.service.js';
import { AccessTokenClaimsService, type TokenSubject } from './access-token-claims.service.js';

const REQUESTER = { ip: '127.0.0.1', userAgent: null };
const PASSWORD = 'a long and quiet evening';

class TenantClaims extends AccessTokenClaimsService {
  override readonly tellOfAddress = true;

  override of({ userId }: TokenSubject): Promise<Record<string, unknown>> {
    return Promise.resolve({ tenant: `of ${userId}`, sub: 'somebody else', roles: ['admin'] });
  }
}

describe('claims of the team’s own', () => {
  let database: TestDatabase;
  let app: INestApplication;
  const environment = { ...process.env };
  beforeAll(async () => {
    const migrationsFolder = join(import.meta.dirname, '../database/migrations');
    database = await createTestDatabase({ name: 'claims', migrationsFolder });
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      JWT_SECRET: randomBytes(32).toString('hex'),
      REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
      REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
    });
    // Read only now, as the module reads the environment when it is loaded.
    const { AppModule } = await import('../app.module.js');
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(AccessTokenClaimsService)
      .useClass(TenantClaims)
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), {
      bodyParser: false,
      logger: false,
    });
    await app.init();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    process.env = environment;
  });

  it('are in the token, replace none of auth, and make it stale when the address that they tell of changes', async () => {
    const client = new Client(database.url);
    await client.connect();
    const passwordHash = await app.get(PasswordHasherService).hash(PASSWORD, { network: 'n', account: 'a' });
    const { rows } = await client.query<{ id: string }>(
      'insert into users (email, password_hash) values ($1, $2) returning id',
      ['ada@example.com', passwordHash],
    );
    const { id = '' } = rows[0] ?? {};
    const { accessToken } = await app.get(LoginService).logIn('ada@example.com', PASSWORD, REQUESTER);
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ tenant: `of ${id}`, sub: id });
    expect(claims).not.toHaveProperty('roles');

    const tokens = app.get(OneTimeTokensRepository, { strict: false });
    const { rows: mails } = await client.query<{ id: string }>(
      `insert into mails (kind, address, user_id) values ('email_change', 'next@example.com', $1) returning id`,
      [id],
    );
    const text = await issue(tokens, id, mails[0]?.id ?? '');
    await app.get(EmailService).verify(text, undefined, REQUESTER);
    const stale = app
      .get(LiveRevocationsService)
      .all()
      .filter(({ kind }) => kind === 'stale-user');
    expect(stale.map((revocation) => revocation.id)).toEqual([id]);
    await client.end();
  });
});

async function issue(tokens: OneTimeTokensRepository, userId: string, mailId: string): Promise<string> {
  const db = (tokens as unknown as { db: { transaction<T>(work: (tx: never) => Promise<T>): Promise<T> } })
    .db;
  const text = await db.transaction((tx) =>
    tokens.issue(tx, { purpose: 'email_change', email: 'next@example.com', mailId, userId }),
  );
  return text ?? '';
}
