import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { afterCutOff, cutOffOf } from '../revocation/cut-off.js';
import { rightsOf } from './rights.js';

/** What users may do. */
@Injectable()
export class RightsRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** Waits until a token that is issued to a user is not refused at once because of a cut-off. */
  async settled(userId: string): Promise<void> {
    const cutOff = sql.raw(
      `greatest(${cutOffOf('u.id', ['user', 'stale-user'])}, (${rightsOf('u.id')} ->> 'before')::bigint, 0)`,
    );
    await afterCutOff(async () => {
      const { rows } = await this.db.execute<{ wait: number }>(
        sql`select (${cutOff} - extract(epoch from now()))::float8 as wait from (values (${userId}::uuid)) u (id)`,
      );
      return rows[0];
    });
  }
}
