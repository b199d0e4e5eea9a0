import type { Database } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import { auditEvents } from './audit.table.js';

/** What is recorded of an event: who, from where, and how it went; never a secret. */
export type AuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'time'>;

/** The append-only record of security events. */
@Injectable()
export class AuditRepository {
  /**
   * Adds to the record.
   *
   * @param db the transaction that does what is recorded, so that there is neither without the other; the database
   * itself for what changes nothing, such as a login that failed
   */
  async record(db: Pick<Database, 'insert'>, event: AuditEvent): Promise<void> {
    await db.insert(auditEvents).values(event);
  }
}
