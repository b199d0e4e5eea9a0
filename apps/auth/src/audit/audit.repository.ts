import { InjectDatabase, type Database } from '@app/service-kit';
import { Injectable } from '@nestjs/common';
import { asc, eq } from 'drizzle-orm';
import { auditEvents } from './audit.table.js';

/** What is recorded of an event: who, from where, and how it went; never a secret. */
export type AuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'time'>;

/** The append-only record of security events. */
@Injectable()
export class AuditRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /**
   * Adds to the record.
   *
   * @param db the transaction that does what is recorded, so that there is neither without the other; the database
   * itself for what changes nothing, such as a login that failed
   */
  async record(db: Pick<Database, 'insert'>, event: AuditEvent): Promise<void> {
    await db.insert(auditEvents).values(event);
  }

  /** What is recorded of a person, the oldest first. */
  listOf(userId: string): Promise<(typeof auditEvents.$inferSelect)[]> {
    return this.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.userId, userId))
      .orderBy(asc(auditEvents.id));
  }
}
