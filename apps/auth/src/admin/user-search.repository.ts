import { InjectDatabase, type Database } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { usersQuery, type ListedUser, type UserFilter } from './user-search.query.js';

/** Finds users by indexes alone, page by page: as fast among a million as among a thousand. */
@Injectable()
export class UserSearchRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /** Newest first; with `emailPrefix` in the order of addresses. */
  async list(filter: UserFilter): Promise<ListedUser[]> {
    const { rows } = await this.db.execute<ListedUser>(usersQuery(filter));
    return rows;
  }
}
