import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const ALLOWED_CLIENTS = 'signet:clients';

/**
 * Lets clients (other services) call a handler, or all handlers of a class, with a token of their own; without it such
 * a call is 403 `USER_REQUIRED`. What a handler says takes the place of what its class says. Users, and clients that
 * act for one, need no permission of this kind; `@Scopes()` and `@Roles()` count for both.
 *
 * @param ids the only clients that may call; every client unless told
 * @example @AllowClients('reports') @Scopes('tasks:read')
 * @throws {TypeError} for an id that is no name
 */
export function AllowClients(...ids: string[]): CustomDecorator {
  if (ids.some((id) => typeof id !== 'string' || id === ''))
    throw new TypeError('@AllowClients() takes ids of clients');
  return SetMetadata(ALLOWED_CLIENTS, ids);
}
