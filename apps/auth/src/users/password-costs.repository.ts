import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';

/** As in the partial index `users_by_password_cost`, letter by letter: otherwise it is not used. */
const IS_INDEXED = sql.raw(`password_hash not like '$argon2id$v=19$m=19456,t=2,p=1$%'`);

/** Which kinds of hashes there are among the stored ones that were not made with the default settings. */
@Injectable()
export class PasswordCostsRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** One hash of each cost. From cost to cost by the index, so that it takes as many steps as there are costs. */
  async samples(): Promise<string[]> {
    const { rows } = await this.db.execute<{ sample: string }>(sql`
      with recursive costs (cost) as (
        (select password_cost(password_hash) from users where ${IS_INDEXED} order by 1 limit 1)
        union all
        select (select password_cost(password_hash) from users
          where ${IS_INDEXED} and password_cost(password_hash) > costs.cost order by 1 limit 1)
        from costs where cost is not null)
      select (select password_hash from users
        where ${IS_INDEXED} and password_cost(password_hash) = costs.cost limit 1) as sample
      from costs where cost is not null`);
    return rows.map(({ sample }) => sample);
  }
}
