import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { asc, gt } from 'drizzle-orm';
import { pagesOf } from '../../database/pages.js';
import { AuditRepository } from '../../audit/audit.repository.js';
import type { User } from '../users.repository.js';
import { users } from '../users.table.js';

const PAGE = 500;

/** Gives away all people, in the form in which `ImportService` takes them. */
@Injectable()
export class ExportService {
  constructor(
    private readonly audit: AuditRepository,
    @InjectDatabase() private readonly db: Database,
  ) {}

  /** JSON Lines, a page at a time. It is recorded before the first line is out. */
  async *lines(withHashes: boolean): AsyncGenerator<string> {
    const subject = withHashes ? 'with hashes' : 'without hashes';
    await this.audit.record(this.db, { event: 'users_exported', outcome: 'ok', subject });
    const read = (after: string | undefined) => {
      const isBehind = after === undefined ? undefined : gt(users.id, after);
      return this.db.select().from(users).where(isBehind).orderBy(asc(users.id)).limit(PAGE);
    };
    for await (const page of pagesOf(PAGE, read))
      for (const user of page) yield `${JSON.stringify(lineOf(user, withHashes))}\n`;
  }
}

function lineOf({ id, email, passwordHash, emailVerified, createdAt }: User, withHashes: boolean): object {
  return {
    id,
    email,
    ...(withHashes && { password_hash: passwordHash }),
    email_verified: emailVerified,
    created_at: createdAt.toISOString(),
  };
}
