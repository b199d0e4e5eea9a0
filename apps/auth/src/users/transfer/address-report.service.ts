import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, asc, gt, inArray, sql } from 'drizzle-orm';
import { pagesOf } from '../../database/pages.js';
import { isEmailAddress, normaliseEmail } from '../email-address.js';
import { users } from '../users.table.js';

const PAGE = 500;

/** An account whose address is not in the form in which addresses are stored now. */
export interface OldAddress {
  readonly userId: string;
  readonly email: string;
  /** The form of today; none where such an address would be refused. */
  readonly canonical: string | undefined;
  /** Other accounts of the same mailbox. */
  readonly sameAs: readonly string[];
}

/** Finds addresses that an earlier version stored in another form. It changes nothing: a person has to decide. */
@Injectable()
export class AddressReportService {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async report(): Promise<OldAddress[]> {
    const old: (Omit<OldAddress, 'sameAs'> & { mailbox: string })[] = [];
    for await (const { id: userId, email } of this.candidates()) {
      const mailbox = normaliseEmail(email);
      const isValid = isEmailAddress(mailbox);
      if (isValid && mailbox === email) continue;
      old.push({ userId, email, mailbox, canonical: isValid ? mailbox : undefined });
    }
    const byMailbox = await this.accountsOf(old.map(({ mailbox }) => mailbox));
    for (const { mailbox, userId } of old)
      byMailbox.set(mailbox, [...(byMailbox.get(mailbox) ?? []), userId]);
    return old.map(({ userId, email, canonical, mailbox }) => {
      const sameAs = [...new Set(byMailbox.get(mailbox))].filter((id) => id !== userId);
      return { userId, email, canonical, sameAs };
    });
  }

  /** Addresses that are not plain ASCII, a page at a time. */
  private async *candidates(): AsyncGenerator<{ id: string; email: string }> {
    const isCandidate = sql`(${users.email} !~ '^[!#-~]+@[a-z0-9.-]+$' or ${users.email} like '%xn--%')`;
    const { id, email } = users;
    const read = (after: string | undefined) => {
      const isBehind = and(isCandidate, after === undefined ? undefined : gt(id, after));
      return this.db.select({ id, email }).from(users).where(isBehind).orderBy(asc(id)).limit(PAGE);
    };
    for await (const page of pagesOf(PAGE, read)) yield* page;
  }

  /** The accounts that have one of these addresses already. */
  private async accountsOf(emails: readonly string[]): Promise<Map<string, string[]>> {
    const accounts = new Map<string, string[]>();
    for (let i = 0; i < emails.length; i += PAGE) {
      const { id, email } = users;
      const isOne = inArray(users.email, emails.slice(i, i + PAGE));
      const rows = await this.db.select({ id, email }).from(users).where(isOne);
      for (const row of rows) accounts.set(row.email, [row.id]);
    }
    return accounts;
  }
}
