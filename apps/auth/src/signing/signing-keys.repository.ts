import type { AsymmetricAlgorithm } from '@signet/jwt-shared';
import { type Database, InjectDatabase, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { asc, eq, lt, sql } from 'drizzle-orm';
import { removeBatch } from '../database/statements.js';
import { signingKeys, type SigningKeyRow } from './signing-keys.table.js';

/** Any number that nothing else locks. */
const LOCK = 0x5349_474e;

@Injectable()
export class SigningKeysRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** The keys of one algorithm, in the order in which they sign. */
  read(algorithm: AsymmetricAlgorithm, db: Pick<Database, 'select'> = this.db): Promise<SigningKeyRow[]> {
    return db
      .select()
      .from(signingKeys)
      .where(eq(signingKeys.algorithm, algorithm))
      .orderBy(asc(signingKeys.signsFrom), asc(signingKeys.kid));
  }

  /** All keys, those of algorithms that were used before too. */
  readAll(tx: Transaction): Promise<SigningKeyRow[]> {
    return tx.select().from(signingKeys).orderBy(asc(signingKeys.signsFrom), asc(signingKeys.kid));
  }

  /**
   * Has replicas and commands take turns until the transaction ends.
   *
   * @returns the database's time, by which all of them plan
   */
  async lock(tx: Transaction): Promise<Date> {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
    return this.now(tx);
  }

  /** The database's time. */
  async now(db: Pick<Database, 'execute'> = this.db): Promise<Date> {
    const { rows } = await db.execute<{ ms: string }>(
      sql`select floor(extract(epoch from clock_timestamp()) * 1000) as ms`,
    );
    return new Date(Number(rows[0]?.ms));
  }

  async add(tx: Transaction, key: SigningKeyRow): Promise<void> {
    await tx.insert(signingKeys).values(key);
  }

  async update(tx: Transaction, kid: string, changes: Partial<Omit<SigningKeyRow, 'kid'>>): Promise<void> {
    await tx.update(signingKeys).set(changes).where(eq(signingKeys.kid, kid));
  }

  /** Removes keys that have not been trusted for a month. */
  removeGone(limit: number): Promise<number> {
    const isGone = lt(signingKeys.expiresAt, sql`now() - interval '30 days'`);
    return removeBatch(this.db, signingKeys, signingKeys.kid, isGone, limit);
  }
}
