import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import { auditEvents } from './audit.table.js';

/** What can be recorded. */
export interface AuditEvent {
  readonly event: 'refresh_token_reused' | 'refresh_token_ahead';
  readonly outcome: 'session_ended';
  readonly userId: string;
  readonly sessionId: string;
  readonly address: string;
  readonly userAgent: string | null;
}

/** The append-only record of security events. */
@Injectable()
export class AuditRepository {
  /** Adds to the record as part of the transaction that does what is recorded. */
  async record(tx: Transaction, event: AuditEvent): Promise<void> {
    await tx.insert(auditEvents).values(event);
  }
}
