import { InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { and, count, desc, eq, lt, sql } from 'drizzle-orm';
import { erasedOwners, tasks, type TaskStatus } from './tasks.table.js';

export type Task = typeof tasks.$inferSelect;
export type NewTask = { readonly title: string; readonly dueAt: Date | null | undefined };
/** What is `undefined` stays as it is. */
export type TaskChanges = { readonly [K in 'title' | 'status' | 'dueAt']: Task[K] | undefined };

export interface TaskPage {
  readonly limit: number;
  readonly status?: TaskStatus | undefined;
  /** The id of the last task of the page before. */
  readonly after?: string | undefined;
}

/** Longer than any access token lives (`JWT_MAX_LIFETIME`, a day at most): none is accepted for an owner by then. */
const REMEMBER_ERASED_SECONDS = 2 * 86_400;

/** Every question names the owner and every query asks for it, so that no handler can reach another's tasks. */
@Injectable()
export class TasksRepository {
  constructor(@InjectDatabase() private readonly db: Database) {}

  /**
   * Adds a task unless its owner has `limit` already. The lock has those who add to the same list follow each other, so
   * that each counts what was added before, and has an erasure follow what was begun before it.
   *
   * @returns why not, where it was not added: the list is full, or its owner has been erased
   */
  addUnlessFull(ownerId: string, task: NewTask, limit: number): Promise<Task | 'full' | 'erased'> {
    return this.db.transaction(async (tx) => {
      await lockList(tx, ownerId);
      const [erased] = await tx.select().from(erasedOwners).where(eq(erasedOwners.ownerId, ownerId));
      if (erased) return 'erased';
      const owned = tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.ownerId, ownerId)).limit(limit);
      const [{ size } = { size: 0 }] = await tx.select({ size: count() }).from(owned.as('owned'));
      if (size >= limit) return 'full';
      const [added] = await tx
        .insert(tasks)
        .values({ ...task, ownerId })
        .returning();
      return added!;
    });
  }

  /** Newest first. */
  list(ownerId: string, { status, after, limit }: TaskPage): Promise<Task[]> {
    const matching = and(
      eq(tasks.ownerId, ownerId),
      status && eq(tasks.status, status),
      after ? lt(tasks.id, after) : undefined,
    );
    return this.db.select().from(tasks).where(matching).orderBy(desc(tasks.id)).limit(limit);
  }

  async find(ownerId: string, id: string): Promise<Task | undefined> {
    const [task] = await this.db.select().from(tasks).where(ownedTask(ownerId, id));
    return task;
  }

  async change(ownerId: string, id: string, changes: TaskChanges): Promise<Task | undefined> {
    const [changed] = await this.db.update(tasks).set(changes).where(ownedTask(ownerId, id)).returning();
    return changed;
  }

  /** @returns whether there was such a task */
  async remove(ownerId: string, id: string): Promise<boolean> {
    const removed = await this.db.delete(tasks).where(ownedTask(ownerId, id)).returning({ id: tasks.id });
    return removed.length > 0;
  }

  /**
   * Removes everything that a person owns, for good: what a request adds that was let in before the person was deleted
   * would belong to no one for ever.
   */
  async erase(tx: Transaction, ownerId: string): Promise<void> {
    await lockList(tx, ownerId);
    await tx.insert(erasedOwners).values({ ownerId }).onConflictDoNothing();
    await tx.delete(tasks).where(eq(tasks.ownerId, ownerId));
    const forgotten = sql`now() - make_interval(secs => ${REMEMBER_ERASED_SECONDS})`;
    await tx.delete(erasedOwners).where(lt(erasedOwners.erasedAt, forgotten));
  }

  /** @param ownerId everyone's, without one */
  async countByStatus(ownerId?: string): Promise<Record<TaskStatus, number>> {
    const rows = await this.db
      .select({ status: tasks.status, tasks: count() })
      .from(tasks)
      .where(ownerId === undefined ? undefined : eq(tasks.ownerId, ownerId))
      .groupBy(tasks.status);
    return { open: 0, done: 0, ...Object.fromEntries(rows.map((row) => [row.status, row.tasks])) };
  }
}

async function lockList(tx: Transaction, ownerId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${ownerId}, 0))`);
}

function ownedTask(ownerId: string, id: string) {
  return and(eq(tasks.ownerId, ownerId), eq(tasks.id, id));
}
