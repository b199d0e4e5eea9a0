import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from '../users/users.table.js';

const time = (name: string) => timestamp(name, { withTimezone: true }).notNull().defaultNow();

/** Roles, and what they allow. `admin` is made by the migration. */
export const roles = pgTable(
  'roles',
  {
    name: text().primaryKey(),
    description: text().notNull().default(''),
    /** RFC 6749 §3.3; sorted, each once. */
    scopes: text()
      .array()
      .notNull()
      .default(sql`'{}'`),
    createdAt: time('created_at'),
    changedAt: time('changed_at'),
  },
  (table) => [check('roles_name', sql`${table.name} ~ '^[a-z][a-z0-9:._-]{0,62}$'`)],
);

export const userRoles = pgTable(
  'user_roles',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text()
      .notNull()
      .references(() => roles.name, { onDelete: 'cascade' }),
    grantedAt: time('granted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.role] }),
    index('user_roles_by_role').on(table.role, table.userId),
  ],
);
