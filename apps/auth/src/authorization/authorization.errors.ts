import { ProblemException } from '@signet/service-kit';
import { ADMIN, MAX_DEFINED_ROLES } from './role-name.js';

export function roleNotFound(): ProblemException {
  return new ProblemException(404, 'ROLE_NOT_FOUND', 'There is no such role.');
}

export function unknownRole(names: readonly string[] = []): ProblemException {
  const list = names.map((name) => JSON.stringify(name)).join(', ');
  const detail = `There is no role ${list}: define it first. Nothing was changed.`;
  return new ProblemException(400, 'UNKNOWN_ROLE', detail);
}

export function rightsTooLarge(): ProblemException {
  const detail =
    'The roles and scopes of a user would not fit into an access token of 4 KiB. Nothing was changed.';
  return new ProblemException(400, 'RIGHTS_TOO_LARGE', detail);
}

export function tooManyRoles(): ProblemException {
  const detail = `There are at most ${MAX_DEFINED_ROLES} roles. Nothing was changed.`;
  return new ProblemException(400, 'TOO_MANY_ROLES', detail);
}

export function roleProtected(): ProblemException {
  const detail = `The role ${ADMIN} cannot be removed. Nothing was changed.`;
  return new ProblemException(409, 'ROLE_PROTECTED', detail);
}

export function lastAdministrator(): ProblemException {
  const detail =
    'No other user who can log in has the role admin. Give it to one first. Nothing was changed.';
  return new ProblemException(409, 'LAST_ADMINISTRATOR', detail);
}
