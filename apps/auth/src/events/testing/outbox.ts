import { createTestDatabase } from '@signet/service-kit/testing';
import type { Transaction } from '@signet/service-kit';
import { drizzle } from 'drizzle-orm/node-postgres';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { AuthConfig } from '../../config/auth.config.js';
import type { AccountEvent } from '../account-event.js';
import { AccountEventsRepository } from '../account-events.repository.js';
import { ErasuresRepository } from '../erasures.repository.js';
import { EventOutboxRepository } from '../event-outbox.repository.js';
import { EventStreamsRepository } from '../event-streams.repository.js';

export const EVENTS_CONFIG = {
  JWT_ISSUER: 'https://auth.example.org',
  JWT_ALGORITHM: 'HS256',
  REFRESH_TOKEN_SECRET: Buffer.alloc(32, 7).toString('base64'),
  EVENTS_RETENTION_SECONDS: 3600,
  ERASURE_DEADLINE_SECONDS: 60,
  AUDIT_RETENTION_SECONDS: 86_400,
} as AuthConfig;

/** The outbox over a database of a test's own. */
export async function openOutbox() {
  const migrationsFolder = join(import.meta.dirname, '../../database/migrations');
  const database = await createTestDatabase({ name: 'events', migrationsFolder });
  const pool = new Pool({ connectionString: database.url, max: 10 });
  const db = drizzle(pool);
  const events = new AccountEventsRepository();
  return {
    db,
    pool,
    events,
    outbox: new EventOutboxRepository(db),
    streams: new EventStreamsRepository(db),
    erasures: new ErasuresRepository(db, EVENTS_CONFIG),
    record: (...happened: AccountEvent[]) =>
      db.transaction((tx: Transaction) => events.record(tx, ...happened)),
    /** Nothing is left for the next test. */
    empty: () => pool.query('truncate account_events, event_streams, erasure_receipts'),
    async close(): Promise<void> {
      await pool.end();
      await database.drop();
    },
  };
}

export type TestOutbox = Awaited<ReturnType<typeof openOutbox>>;
