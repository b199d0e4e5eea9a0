import { sql, type SQL } from 'drizzle-orm';
import { isoTime } from '../database/statements.js';

/** A user as administrators see one: never a hash. */
export interface ListedUser extends Record<string, unknown> {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly disabledAt: string | null;
  readonly createdAt: string;
  readonly roles: readonly string[];
}

/** Which users are asked for; what is left out does not matter. */
export interface UserFilter {
  /** The beginning of an address, as it is stored. */
  readonly emailPrefix?: string | undefined;
  readonly id?: string | undefined;
  readonly role?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  /** The id, or with `emailPrefix` the address, of the last user of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const COLUMNS = sql`u.id, u.email, u.email_verified as "emailVerified",
  ${isoTime('u.disabled_at')} as "disabledAt", ${isoTime('u.created_at')} as "createdAt",
  array(select ur.role from user_roles ur where ur.user_id = u.id order by ur.role) as roles`;

/** Behind every text that begins with the prefix. */
const END = '\u{10FFFF}';

/** Finds users by indexes alone: newest first, with `emailPrefix` in the order of addresses. */
export function usersQuery({ emailPrefix, id, role, isDisabled, after, limit }: UserFilter): SQL {
  const conditions = [
    id === undefined ? undefined : sql`u.id = ${id}::uuid`,
    isDisabled === undefined ? undefined : sql`u.disabled_at is ${sql.raw(isDisabled ? 'not null' : 'null')}`,
  ];
  // A value, not a condition: PostgreSQL would turn that into a join with all who have the role.
  const hasRole =
    role === undefined
      ? undefined
      : sql`(select true from user_roles r where r.user_id = u.id and r.role = ${role}::text) is not null`;
  if (emailPrefix !== undefined) {
    const from = after ?? emailPrefix;
    return query(
      sql`users u`,
      [
        ...conditions,
        sql`u.email collate "C" ${sql.raw(after === undefined ? '>=' : '>')} ${from}::text`,
        sql`u.email collate "C" < ${emailPrefix + END}::text`,
        hasRole,
      ],
      sql`u.email collate "C"`,
      limit,
    );
  }
  // Of the disabled there are few, by an index of their own.
  if (role === undefined || isDisabled === true) {
    const isOlder = after === undefined ? undefined : sql`u.id < ${after}::uuid`;
    return query(sql`users u`, [...conditions, hasRole, isOlder], sql`u.id desc`, limit);
  }
  return query(
    sql`user_roles r join users u on u.id = r.user_id`,
    [
      ...conditions,
      sql`r.role = ${role}::text`,
      after === undefined ? undefined : sql`r.user_id < ${after}::uuid`,
    ],
    sql`r.user_id desc`,
    limit,
  );
}

function query(from: SQL, conditions: readonly (SQL | undefined)[], order: SQL, limit: number): SQL {
  const all = conditions.filter((condition) => condition !== undefined);
  const where = all.length === 0 ? sql`` : sql` where ${sql.join(all, sql` and `)}`;
  return sql`select ${COLUMNS} from ${from}${where} order by ${order} limit ${limit}::int`;
}
