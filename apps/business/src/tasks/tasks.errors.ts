import { ProblemException } from '@signet/service-kit';

/** There is no such task, or it is somebody else's: the answer is the same. */
export function taskNotFound(): never {
  throw new ProblemException(404, 'TASK_NOT_FOUND', 'There is no such task.');
}

/** The list of the user is full. */
export function tooManyTasks(limit = 10_000): never {
  const detail = `You have ${limit} tasks, which is the limit. Delete some first.`;
  throw new ProblemException(409, 'TOO_MANY_TASKS', detail);
}
