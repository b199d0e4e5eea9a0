import type { PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { taskNotFound } from './tasks.errors.js';

/** Lets only ids through that a task can have; no other is anybody's task. */
export class TaskIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    return isUUID(id) ? id : taskNotFound();
  }
}
