const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/**
 * What can happen to an account, and the event type URI under which receivers know it (OpenID CAEP 1.0 §3, OpenID
 * RISC 1.0 §2).
 */
export const EVENT_TYPE_URIS = {
  'session-revoked': `${CAEP}session-revoked`,
  'credential-change': `${CAEP}credential-change`,
  'token-claims-change': `${CAEP}token-claims-change`,
  'sessions-revoked': `${RISC}sessions-revoked`,
  'account-disabled': `${RISC}account-disabled`,
  'account-enabled': `${RISC}account-enabled`,
  'account-purged': `${RISC}account-purged`,
  'identifier-changed': `${RISC}identifier-changed`,
} as const;

/** The event that shows a receiver that its stream works (OpenID SSF 1.0 §8.1.4.1). */
export const VERIFICATION_URI = `${SSF}verification`;

/** The kind of an account event, as the code names it. */
export type AccountEventType = keyof typeof EVENT_TYPE_URIS;

/** Every URI that a receiver can ask for. */
export const EVENTS_SUPPORTED: readonly string[] = Object.values(EVENT_TYPE_URIS);

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
  | {
      readonly type: 'identifier-changed';
      /** The new e-mail address. */
      readonly email: string;
    }
  | { readonly type: 'sessions-revoked' | 'account-disabled' | 'account-enabled' | 'account-purged' }
);

/** The members of the event's object in the `events` claim, without those that depend on the time. */
export function claimsOf(event: AccountEvent): Record<string, unknown> {
  switch (event.type) {
    case 'session-revoked':
      return { initiating_entity: event.by };
    case 'credential-change':
      return {
        credential_type: event.credential,
        change_type: event.change,
        initiating_entity: event.by,
      };
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
