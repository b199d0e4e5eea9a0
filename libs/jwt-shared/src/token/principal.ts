import type { AccessToken, Principal } from '../access-token.js';

type Identity = Pick<AccessToken, 'userId' | 'clientId' | 'sessionId'>;

/** Whether a client holds the token for itself: it is its own subject, and there is no session behind it. */
export function isClientsOwn({ userId, clientId, sessionId }: Identity): boolean {
  return userId === clientId && sessionId === undefined;
}

/** Who calls with a token. */
export function principalOf(token: Omit<AccessToken, 'principal'>): Principal {
  const { userId, sessionId, actor, scopes, roles, authTime } = token;
  const verified = token as AccessToken;
  const principal: Principal = isClientsOwn(token)
    ? { kind: 'client', clientId: userId, scopes, roles, token: verified }
    : { kind: 'user', userId, sessionId, actor, scopes, roles, authenticatedAt: authTime, token: verified };
  return Object.freeze(principal);
}
