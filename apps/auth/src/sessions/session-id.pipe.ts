import type { PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { sessionNotFound } from './sessions.errors.js';

/** Lets only ids through that a session can have; no other is anybody's session. */
export class SessionIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    return isUUID(id) ? id : sessionNotFound();
  }
}
