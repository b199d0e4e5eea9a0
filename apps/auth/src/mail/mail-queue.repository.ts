import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { and, eq, inArray, lte, or, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { MAIL_KINDS, mails, type MailData, type MailKind } from './mails.table.js';

export type QueuedMail = typeof mails.$inferSelect;

export type NewMail = Pick<QueuedMail, 'kind' | 'address'> & {
  readonly userId?: string;
  readonly data?: MailData;
};

type Person = Readonly<{ id: string; email: string }>;

const WITH_TOKEN: MailKind[] = ['email_verification', 'password_reset', 'email_change', 'invitation'];

/** Longer than sending may take: whoever has claimed a mail and is still silent then has died. */
const LEASE_SECONDS = 180;

/** The mails that wait, in the database: they survive a restart, and any replica may send them. */
@Injectable()
export class MailQueueRepository {
  /** Whether there is any way to send mail. */
  readonly isOpen: boolean;

  constructor(
    @InjectDatabase() private readonly db: Database,
    @Inject(authConfig.KEY) { NODE_ENV, SMTP_URL }: AuthConfig,
  ) {
    this.isOpen = NODE_ENV !== 'production' || SMTP_URL !== undefined;
  }

  /** @param db the transaction that the mail is about, where there is one */
  async add(mail: NewMail, db: Pick<Database, 'insert'> = this.db): Promise<void> {
    if (this.isOpen) await db.insert(mails).values(mail);
  }

  /**
   * Takes the mails whose time has come, for as long as the lease lasts; those that another replica is taking are
   * left to it, and those of a kind that only a newer version knows to that.
   *
   * @returns the oldest request first
   */
  async claim(limit: number): Promise<QueuedMail[]> {
    const due = this.db
      .select({ id: mails.id })
      .from(mails)
      .where(and(lte(mails.nextAttemptAt, sql`now()`), inArray(mails.kind, [...MAIL_KINDS])))
      .orderBy(mails.nextAttemptAt, mails.id)
      .limit(limit)
      .for('update', { skipLocked: true });
    const claimed = await this.db
      .update(mails)
      .set({
        attempts: sql`${mails.attempts} + 1`,
        nextAttemptAt: sql`now() + make_interval(secs => ${LEASE_SECONDS})`,
      })
      .where(inArray(mails.id, due))
      .returning();
    return claimed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Puts a mail back that could not be sent. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.db
      .update(mails)
      .set({ nextAttemptAt: sql`now() + make_interval(secs => ${seconds}::float8)` })
      .where(eq(mails.id, id));
  }

  async remove(id: string): Promise<void> {
    await this.db.delete(mails).where(eq(mails.id, id));
  }

  /**
   * Keeps a mail in the queue until the end of the transaction.
   *
   * @returns whether it was still there
   */
  async hold(tx: Transaction, id: string): Promise<boolean> {
    const held = await tx.select({ id: mails.id }).from(mails).where(eq(mails.id, id)).for('key share');
    return held.length > 0;
  }

  /** Removes whatever would bring somebody a token for an account. */
  async withdraw(tx: Transaction, person: Person): Promise<void> {
    await tx.delete(mails).where(and(inArray(mails.kind, WITH_TOKEN), isOf(person)));
  }

  /** Removes what waits for or about a person. */
  async removeOf(tx: Transaction, person: Person): Promise<void> {
    await tx.delete(mails).where(isOf(person));
  }

  /** What waits for or about a person. */
  listOf(person: Person): Promise<Pick<QueuedMail, 'kind' | 'address' | 'createdAt'>[]> {
    const { kind, address, createdAt } = mails;
    return this.db.select({ kind, address, createdAt }).from(mails).where(isOf(person));
  }
}

function isOf({ id, email }: Person) {
  return or(eq(mails.userId, id), eq(mails.address, email));
}
