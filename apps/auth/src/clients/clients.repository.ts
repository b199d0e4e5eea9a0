import { DatabaseConnection, InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { asc, eq, lt, sql } from 'drizzle-orm';
import { removeBatch } from '../database/statements.js';
import { clients, usedAssertions } from './clients.table.js';

export type Client = typeof clients.$inferSelect;
/** How a client proves who it is: one of these; `serviceAccount` is `namespace/name`. */
export type Credentials = Pick<Client, 'secretHash' | 'publicKey' | 'jwksUrl' | 'serviceAccount'>;
export type NewClient = Pick<Client, 'id' | 'grants' | 'onBehalfOfUsers'> & Partial<Credentials>;

/** What a client's claim to be itself is checked against (a previous secret while it is good), and what it may then do. */
export interface AuthenticatableClient
  extends Credentials, Pick<Client, 'id' | 'grants' | 'onBehalfOfUsers' | 'previousSecretHash'> {
  /** As PostgreSQL writes it, to the microsecond: tells a client from a later one of the same id. */
  readonly createdAt: string;
  readonly isDisabled: boolean;
}

const COLUMNS = `id, created_at::text as "createdAt", grants, on_behalf_of_users as "onBehalfOfUsers", disabled_at is not null as "isDisabled",
  secret_hash as "secretHash", case when previous_secret_until > now() then previous_secret_hash end as "previousSecretHash",
  public_key as "publicKey", jwks_url as "jwksUrl", service_account as "serviceAccount"`;

/** The clients; every decision about time is the database's, whose clock all replicas share. */
@Injectable()
export class ClientsRepository {
  constructor(
    @InjectDatabase() private readonly db: Database,
    private readonly connection: DatabaseConnection,
  ) {}

  /** One round trip, by a prepared statement: it is part of every token request. */
  findToAuthenticate(id: string): Promise<AuthenticatableClient | undefined> {
    return this.first('client_by_id', `select ${COLUMNS} from clients where id = $1`, id);
  }

  /** @param serviceAccount `namespace/name` */
  findByServiceAccount(serviceAccount: string): Promise<AuthenticatableClient | undefined> {
    const text = `select ${COLUMNS} from clients where service_account = $1`;
    return this.first('client_by_service_account', text, serviceAccount);
  }

  list(): Promise<Client[]> {
    return this.db.select().from(clients).orderBy(asc(clients.id));
  }

  async findById(id: string): Promise<Client | undefined> {
    const [client] = await this.db.select().from(clients).where(eq(clients.id, id));
    return client;
  }

  /** Keeps a client as it is until the end of the transaction; no token is issued to it meanwhile. */
  async lock(tx: Transaction, id: string): Promise<Client | undefined> {
    const [client] = await tx.select().from(clients).where(eq(clients.id, id)).for('update');
    return client;
  }

  /** @returns whether the id was free */
  async addUnlessTaken(tx: Transaction, client: NewClient): Promise<boolean> {
    // What a client of this id held before it was removed stays revoked, and no new token is issued among it.
    const cutOff = sql`select before from cut_offs where kind = 'client' and id = ${client.id}`;
    const { rowCount } = await tx
      .insert(clients)
      .values({ ...client, tokensFrom: sql`coalesce((${cutOff}), 0)` })
      .onConflictDoNothing({ target: clients.id });
    return rowCount === 1;
  }

  async update(
    tx: Transaction,
    id: string,
    change: Partial<Pick<Client, 'grants' | 'onBehalfOfUsers' | 'publicKey' | 'jwksUrl'>>,
  ): Promise<void> {
    await tx.update(clients).set(change).where(eq(clients.id, id));
  }

  /** Disables a client, which must be locked; no token is issued to it from here on. */
  async disable(tx: Transaction, id: string): Promise<void> {
    await tx
      .update(clients)
      .set({ disabledAt: sql`clock_timestamp()`, tokensFrom: NEXT_SECOND })
      .where(eq(clients.id, id));
  }

  async enable(tx: Transaction, id: string): Promise<void> {
    await tx.update(clients).set({ disabledAt: null }).where(eq(clients.id, id));
  }

  /** Makes a secret the current one, and keeps the one before for `graceSeconds`. */
  async rotateSecret(tx: Transaction, id: string, secretHash: Buffer, graceSeconds: number): Promise<void> {
    const until = sql`clock_timestamp() + make_interval(secs => ${graceSeconds}::int)`;
    await tx
      .update(clients)
      .set({ previousSecretHash: clients.secretHash, previousSecretUntil: until, secretHash })
      .where(eq(clients.id, id));
  }

  /** Makes a secret the only one. */
  async replaceSecret(tx: Transaction, id: string, secretHash: Buffer): Promise<void> {
    await tx
      .update(clients)
      .set({ secretHash, previousSecretHash: null, previousSecretUntil: null })
      .where(eq(clients.id, id));
  }

  /** Ends every token of a client that was issued in this second or earlier. */
  async endTokens(tx: Transaction, id: string): Promise<void> {
    await tx.update(clients).set({ tokensFrom: NEXT_SECOND }).where(eq(clients.id, id));
  }

  /** Stores another hash of the same secret, unless the secret has changed meanwhile. */
  async replaceHash(id: string, from: Buffer, to: Buffer): Promise<void> {
    await this.db
      .update(clients)
      .set({
        secretHash: sql`case when ${clients.secretHash} = ${from} then ${to} else ${clients.secretHash} end`,
        previousSecretHash: sql`case when ${clients.previousSecretHash} = ${from} then ${to} else ${clients.previousSecretHash} end`,
      })
      .where(eq(clients.id, id));
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.delete(clients).where(eq(clients.id, id));
  }

  /**
   * Notes that an assertion was shown. Of all requests that show it, at any replica, one is told that it is the first; none
   * once the note may be gone, whatever the clock of the replica says.
   *
   * @param expiresAt seconds since the epoch
   */
  async useAssertion(clientId: string, idHash: Buffer, expiresAt: number): Promise<boolean> {
    const { rowCount } = await this.connection.pool.query({
      name: 'use_assertion',
      text: `insert into used_assertions (client_id, id_hash, expires_at)
        select $1, $2, to_timestamp($3) where to_timestamp($3) > now()
        on conflict do nothing`,
      values: [clientId, idHash, expiresAt],
    });
    return rowCount === 1;
  }

  removeExpiredAssertions(limit: number): Promise<number> {
    const key = sql`${usedAssertions.clientId}, ${usedAssertions.idHash}`;
    return removeBatch(this.db, usedAssertions, key, lt(usedAssertions.expiresAt, sql`now()`), limit);
  }

  private async first(name: string, text: string, value: string): Promise<AuthenticatableClient | undefined> {
    const { rows } = await this.connection.pool.query<AuthenticatableClient>({ name, text, values: [value] });
    return rows[0];
  }
}

/** Tokens of a client have no session to be told apart by, so those of the current second end too. */
const NEXT_SECOND = sql`floor(extract(epoch from clock_timestamp()))::bigint + 1`;
