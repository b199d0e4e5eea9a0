import { OnAccountEvent, type AccountEvent } from '@signet/account-events';
import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { TasksRepository } from './tasks.repository.js';

/** A person who is deleted at auth leaves no tasks here. */
@Injectable()
export class TasksListener {
  constructor(private readonly tasks: TasksRepository) {}

  @OnAccountEvent('account-purged')
  async erase({ userId }: AccountEvent, tx: Transaction): Promise<void> {
    if (userId !== undefined) await this.tasks.erase(tx, userId);
  }
}
