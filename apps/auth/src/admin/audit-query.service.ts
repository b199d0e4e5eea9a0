import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { eq } from 'drizzle-orm';
import { AuditRepository, type AuditFilter, type RecordedEvent } from '../audit/audit.repository.js';
import { normaliseEmail } from '../users/email-address.js';
import { users } from '../users/users.table.js';

export interface AuditQuestion extends Omit<AuditFilter, 'userId'> {
  /** An id, of an account that is gone too, or an address. */
  readonly user?: string | undefined;
}

/** Answers an operator's questions about what has happened. */
@Injectable()
export class AuditQueryService {
  constructor(
    private readonly audit: AuditRepository,
    @InjectDatabase() private readonly db: Database,
  ) {}

  /**
   * Newest first.
   *
   * @throws {Error} when no account has the address
   */
  async list({ user, ...filter }: AuditQuestion): Promise<RecordedEvent[]> {
    return this.audit.list({ ...filter, userId: user === undefined ? undefined : await this.idOf(user) });
  }

  private async idOf(user: string): Promise<string> {
    if (isUUID(user)) return user;
    const isTheirs = eq(users.email, normaliseEmail(user));
    const [found] = await this.db.select({ id: users.id }).from(users).where(isTheirs);
    if (!found) throw new Error('There is no user with this address. A deleted one is found by id.');
    return found.id;
  }
}
