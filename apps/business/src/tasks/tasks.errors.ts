import { ProblemException } from '@signet/service-kit';

/** There is no such task, or it is somebody else's: the answer is the same. */
export function taskNotFound(): never {
  throw new ProblemException(404, 'TASK_NOT_FOUND', 'There is no such task.');
}

/** The list of the user is full. */
export function tooManyTasks(limit = 10_000): never {
  throw new ProblemException(
    409,
    'TOO_MANY_TASKS',
    `You have ${limit} tasks, which is the limit. Delete some first.`,
  );
}

/** The account behind the token has been deleted; the guard says the same as soon as it has heard of it. */
export function ownerErased(): never {
  throw new ProblemException(401, 'INVALID_TOKEN', 'Invalid token', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}
