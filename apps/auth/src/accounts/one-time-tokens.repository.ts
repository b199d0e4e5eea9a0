import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, eq, gt, inArray, lt, or, sql } from 'drizzle-orm';
import { createHash, randomBytes } from 'node:crypto';
import { removeBatch } from '../database/statements.js';
import { oneTimeTokens, type TokenPurpose } from './one-time-tokens.table.js';

export type OneTimeToken = typeof oneTimeTokens.$inferSelect;

export type NewOneTimeToken = Omit<typeof oneTimeTokens.$inferInsert, 'subject' | 'digest' | 'expiresAt'>;

/** OWASP ASVS 5.0, 6.5.5: minutes for what changes a password, a day at most for the rest. */
export const LIFETIME_SECONDS: Readonly<Record<TokenPurpose, number>> = {
  registration: 24 * 3600,
  email_verification: 24 * 3600,
  password_reset: 15 * 60,
  email_change: 24 * 3600,
  invitation: 24 * 3600,
};

/** How many passwords may be shown with a token: the right one is known to whoever asked for it. */
const MAX_TRIES = 5;

/** The one-time tokens; only their digests are stored, and the database's clock decides. */
@Injectable()
export class OneTimeTokensRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /**
   * Makes a token, which replaces the one before it; that of a registration only one of the same mail.
   *
   * @returns 32 random bytes in base64url; nothing if there is one already that was asked for later
   */
  async issue(tx: Transaction, token: NewOneTimeToken): Promise<string | undefined> {
    const text = randomBytes(32).toString('base64url');
    const life = LIFETIME_SECONDS[token.purpose];
    const { rowCount } = await tx
      .insert(oneTimeTokens)
      .values({
        ...token,
        subject: token.userId ?? token.mailId,
        digest: digestOf(text),
        expiresAt: sql`now() + make_interval(secs => ${life})`,
      })
      .onConflictDoUpdate({
        target: [oneTimeTokens.purpose, oneTimeTokens.subject],
        set: {
          digest: sql`excluded.digest`,
          email: sql`excluded.email`,
          passwordHash: sql`excluded.password_hash`,
          mailId: sql`excluded.mail_id`,
          tries: sql`excluded.tries`,
          createdAt: sql`excluded.created_at`,
          expiresAt: sql`excluded.expires_at`,
        },
        setWhere: sql`excluded.mail_id >= ${oneTimeTokens.mailId}`,
      });
    return rowCount === 1 ? text : undefined;
  }

  /** Finds a token that is good for one of some purposes, and leaves it good. */
  async find(purposes: readonly TokenPurpose[], text: string): Promise<OneTimeToken | undefined> {
    const [token] = await this.db.select().from(oneTimeTokens).where(isGood(purposes, text));
    return token;
  }

  /**
   * Counts a password that is about to be checked with a token; atomic, so that however many are shown at once, no
   * more than {@link MAX_TRIES} are checked.
   *
   * @returns whether it may be checked
   */
  async countTry(text: string): Promise<boolean> {
    const { rowCount } = await this.db
      .update(oneTimeTokens)
      .set({ tries: sql`${oneTimeTokens.tries} + 1` })
      .where(and(eq(oneTimeTokens.digest, digestOf(text)), lt(oneTimeTokens.tries, MAX_TRIES)));
    return rowCount === 1;
  }

  /** Gives a try back of which nobody learned whether it was right. */
  async giveTryBack(text: string): Promise<void> {
    await this.db
      .update(oneTimeTokens)
      .set({ tries: sql`greatest(${oneTimeTokens.tries} - 1, 0)` })
      .where(eq(oneTimeTokens.digest, digestOf(text)));
  }

  /** Uses a token up. @returns whether it was still good: of several that use it at once, one hears yes */
  async consume(tx: Transaction, purpose: TokenPurpose, text: string): Promise<boolean> {
    const { rowCount } = await tx.delete(oneTimeTokens).where(isGood([purpose], text));
    return rowCount === 1;
  }

  /** Removes all that a person, or anyone who has registered with the address, could still use. */
  async removeOf(tx: Transaction, { id, email }: { id: string; email: string }): Promise<void> {
    const registrations = and(eq(oneTimeTokens.purpose, 'registration'), eq(oneTimeTokens.email, email));
    await tx.delete(oneTimeTokens).where(or(eq(oneTimeTokens.userId, id), registrations));
  }

  listOf(userId: string): Promise<Pick<OneTimeToken, 'purpose' | 'email' | 'createdAt' | 'expiresAt'>[]> {
    const { purpose, email, createdAt, expiresAt } = oneTimeTokens;
    return this.db
      .select({ purpose, email, createdAt, expiresAt })
      .from(oneTimeTokens)
      .where(eq(oneTimeTokens.userId, userId));
  }

  removeExpired(limit: number): Promise<number> {
    const isOver = lt(oneTimeTokens.expiresAt, sql`now()`);
    return removeBatch(this.db, oneTimeTokens, oneTimeTokens.digest, isOver, limit);
  }
}

function isGood(purposes: readonly TokenPurpose[], text: string) {
  return and(
    eq(oneTimeTokens.digest, digestOf(text)),
    inArray(oneTimeTokens.purpose, [...purposes]),
    gt(oneTimeTokens.expiresAt, sql`now()`),
  );
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
