import { validationFailed } from '@signet/service-kit';
import type { PipeTransform } from '@nestjs/common';

/** The `sub` of a user: opaque, printable, at most 255 characters. */
const SUBJECT = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Lets only text through that a user's id could be. */
export class OwnerIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (SUBJECT.test(id)) return id;
    throw validationFailed([{ field: 'userId', message: 'must be the id of a user' }]);
  }
}
