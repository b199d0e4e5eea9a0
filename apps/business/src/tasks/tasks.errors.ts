import { ProblemException } from '@signet/service-kit';

/** There is no such task, or it is somebody else's: the answer is the same. */
export function taskNotFound(): never {
  throw new ProblemException(404, 'TASK_NOT_FOUND', 'There is no such task.');
}
