import { invalidToken } from '@signet/jwt-shared';
import { Inject, Injectable } from '@nestjs/common';
import { businessConfig, type BusinessConfig } from '../config/business.config.js';
import { taskNotFound, tooManyTasks } from './tasks.errors.js';
import {
  TasksRepository,
  type NewTask,
  type Task,
  type TaskChanges,
  type TaskPage,
} from './tasks.repository.js';
import type { TaskStatus } from './tasks.table.js';

@Injectable()
export class TasksService {
  constructor(
    private readonly tasks: TasksRepository,
    @Inject(businessConfig.KEY) private readonly config: Pick<BusinessConfig, 'TASKS_PER_USER'>,
  ) {}

  async create(ownerId: string, task: NewTask): Promise<Task> {
    const { TASKS_PER_USER: limit } = this.config;
    const added = await this.tasks.addUnlessFull(ownerId, task, limit);
    if (added === 'full') return tooManyTasks(limit);
    // The guard says the same as soon as it has heard of the deletion.
    if (added === 'erased') throw invalidToken();
    return added;
  }

  /** One page, and where the next one starts. */
  async list(ownerId: string, page: TaskPage): Promise<{ tasks: Task[]; nextCursor: string | null }> {
    const found = await this.tasks.list(ownerId, { ...page, limit: page.limit + 1 });
    const tasks = found.slice(0, page.limit);
    const isLast = found.length <= page.limit;
    return { tasks, nextCursor: isLast ? null : (tasks.at(-1)?.id ?? null) };
  }

  async get(ownerId: string, id: string): Promise<Task> {
    return (await this.tasks.find(ownerId, id)) ?? taskNotFound();
  }

  async change(ownerId: string, id: string, changes: TaskChanges): Promise<Task> {
    const hasChanges = Object.values(changes).some((value) => value !== undefined);
    if (!hasChanges) return this.get(ownerId, id);
    return (await this.tasks.change(ownerId, id, changes)) ?? taskNotFound();
  }

  async remove(ownerId: string, id: string): Promise<void> {
    if (!(await this.tasks.remove(ownerId, id))) taskNotFound();
  }

  count(ownerId: string): Promise<Record<TaskStatus, number>> {
    return this.tasks.countByStatus(ownerId);
  }

  /** Of all users. */
  countAll(): Promise<Record<TaskStatus, number>> {
    return this.tasks.countByStatus();
  }
}
