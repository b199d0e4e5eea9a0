import { ProblemException } from '@signet/service-kit';
import { ADMIN, MAX_DEFINED_ROLES } from './role-name.js';

export function roleNotFound(): ProblemException {
  return new ProblemException(404, 'ROLE_NOT_FOUND', 'There is no such role.');
}

export function unknownRole(names: readonly string[] = []): ProblemException {
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  return new ProblemException(
    400,
    'UNKNOWN_ROLE',
    `There is no role ${list}: define it first. Nothing was changed.`,
  );
}

export function rightsTooLarge(): ProblemException {
  return new ProblemException(
    400,
    'RIGHTS_TOO_LARGE',
    'The roles and scopes of a user would not fit into an access token of 4 KiB. Nothing was changed.',
  );
}

export function tooManyRoles(): ProblemException {
  return new ProblemException(
    400,
    'TOO_MANY_ROLES',
    `There are at most ${MAX_DEFINED_ROLES} roles. Nothing was changed.`,
  );
}

export function roleProtected(): ProblemException {
  return new ProblemException(
    409,
    'ROLE_PROTECTED',
    `The role ${ADMIN} cannot be removed. Nothing was changed.`,
  );
}

export function lastAdministrator(): ProblemException {
  return new ProblemException(
    409,
    'LAST_ADMINISTRATOR',
    'No other user who can log in has the role admin. Give it to one first. Nothing was changed.',
  );
}
