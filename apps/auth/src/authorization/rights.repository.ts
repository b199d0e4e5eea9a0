import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { afterCutOff } from '../revocation/cut-off.js';
import { rightsFrom, rightsOf, waitForRights, type Rights, type RoleScopes } from './rights.js';

/** What users may do. */
@Injectable()
export class RightsRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  async of(userId: string): Promise<Rights> {
    const { rows } = await this.db.execute<{ roles: RoleScopes[] | null }>(
      sql`select ${rightsOf('u.id')} as roles from (values (${userId}::uuid)) u (id)`,
    );
    return rightsFrom(rows[0]?.roles ?? null);
  }

  /** Waits until a token that is issued to a user is not refused at once because of a cut-off. */
  async settled(userId: string): Promise<void> {
    await afterCutOff(async () => {
      const { rows } = await this.db.execute<{ wait: string }>(
        sql`select ${waitForRights('u.id')} as wait from (values (${userId}::uuid)) u (id)`,
      );
      return { wait: Number(rows[0]?.wait) };
    });
  }
}
