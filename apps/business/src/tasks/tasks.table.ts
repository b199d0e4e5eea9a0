import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const TASK_STATUSES = ['open', 'done'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** What people have to do. */
export const tasks = pgTable(
  'tasks',
  {
    /** UUIDv7, so that the order of ids is the order of creation. */
    id: uuid()
      .primaryKey()
      .default(sql`uuidv7()`),
    /** The `sub` of a verified token: opaque, and all that this service knows of a person. */
    ownerId: text('owner_id').notNull(),
    title: text().notNull(),
    status: text({ enum: TASK_STATUSES }).notNull().default('open'),
    dueAt: timestamp('due_at', { withTimezone: true }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('tasks_owner_newest').on(table.ownerId, table.id.desc()),
    check('tasks_status', sql`${table.status} in ('open', 'done')`),
  ],
);

/** Who has been erased lately, by id alone: whose access token may still be on its way gets no more tasks. */
export const erasedOwners = pgTable(
  'erased_owners',
  {
    ownerId: text('owner_id').primaryKey(),
    erasedAt: timestamp('erased_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('erased_owners_by_time').on(table.erasedAt)],
);
