import type { PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { userNotFound } from './admin.errors.js';

/** Lets only ids through that a user can have. */
export class UserIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isUUID(id)) throw userNotFound();
    return id;
  }
}
