import { EVENT_TYPES } from '@signet/account-events';

/** The event that shows a receiver that its stream works (OpenID SSF 1.0 §8.1.4.1). */
export const VERIFICATION_URI = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

/** Every URI that a receiver can ask for. */
export const EVENTS_SUPPORTED: readonly string[] = Object.values(EVENT_TYPES);

/** Who made the change (OpenID CAEP 1.0 §2, `initiating_entity`). */
export type InitiatingEntity = 'admin' | 'user' | 'policy' | 'system';

/** Something that has happened to an account. Each type says what its event tells besides the account. */
export type AccountEvent = { readonly userId: string } & (
  | { readonly type: 'session-revoked'; readonly sessionId: string; readonly by: InitiatingEntity }
  | {
      readonly type: 'credential-change';
      readonly credential: 'password' | 'fido2-platform' | 'fido2-roaming' | 'app';
      readonly change: 'create' | 'revoke' | 'update' | 'delete';
      readonly by: InitiatingEntity;
    }
  | {
      readonly type: 'token-claims-change';
      /** The claims that have changed, with their new values. */
      readonly claims: Readonly<Record<string, unknown>>;
      readonly by: InitiatingEntity;
    }
  | { readonly type: 'identifier-changed'; readonly email: string }
  | { readonly type: 'sessions-revoked' | 'account-disabled' | 'account-enabled' | 'account-purged' }
);

/** The members of the event's object in the `events` claim, without those that depend on the time. */
export function claimsOf(event: AccountEvent): Record<string, unknown> {
  switch (event.type) {
    case 'session-revoked':
      return { initiating_entity: event.by };
    case 'credential-change':
      return { credential_type: event.credential, change_type: event.change, initiating_entity: event.by };
    case 'token-claims-change':
      return { claims: event.claims, initiating_entity: event.by };
    case 'identifier-changed':
      return { 'new-value': event.email };
    case 'sessions-revoked':
    case 'account-disabled':
    case 'account-enabled':
    case 'account-purged':
      return {};
  }
}

/** What a new password of a person is. @param by who set it */
export function passwordChanged(userId: string, by: InitiatingEntity = 'user'): AccountEvent {
  return { type: 'credential-change', userId, credential: 'password', change: 'update', by };
}

/** What an administrator has changed about the claims of a person's tokens. */
export function rightsChanged(
  userId: string,
  roles: readonly string[],
  scopes: readonly string[],
): AccountEvent {
  return { type: 'token-claims-change', userId, claims: { roles, scope: scopes.join(' ') }, by: 'admin' };
}
