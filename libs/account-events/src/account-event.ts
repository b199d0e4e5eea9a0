const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

/** Events by their short name, and their event type URIs (OpenID CAEP 1.0 §3, OpenID RISC 1.0 §2). */
export const EVENT_TYPES = {
  'session-revoked': `${CAEP}session-revoked`,
  'credential-change': `${CAEP}credential-change`,
  'token-claims-change': `${CAEP}token-claims-change`,
  'sessions-revoked': `${RISC}sessions-revoked`,
  'account-disabled': `${RISC}account-disabled`,
  'account-enabled': `${RISC}account-enabled`,
  'account-purged': `${RISC}account-purged`,
  'identifier-changed': `${RISC}identifier-changed`,
} as const;

/** An event by its short name, or by the URI of a type that has none here. */
export type EventType = keyof typeof EVENT_TYPES | (`https://${string}` & {});

/** Something that has happened to an account, from a verified security event token (RFC 8417). */
export interface AccountEvent {
  /** Unique; the same when the event is delivered again. */
  readonly jti: string;
  /** The event type URI. */
  readonly type: string;
  /** The `sub` of the account's tokens; undefined for an event that is not about an account. */
  readonly userId: string | undefined;
  /** The `sid` of the session's tokens, for `session-revoked`. */
  readonly sessionId: string | undefined;
  /** What the event tells besides, such as `claims` of `token-claims-change` or `new-value` of `identifier-changed`. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The same in all events of one change, if told. */
  readonly transaction: string | undefined;
  readonly issuedAt: Date;
}

/** The URI of an event type. @throws {TypeError} for a name that is neither known nor an https URI */
export function uriOf(type: EventType): string {
  const known = Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type as keyof typeof EVENT_TYPES] : undefined;
  if (known !== undefined) return known;
  if (type.startsWith('https://')) return type;
  throw new TypeError(`${JSON.stringify(type)} is no event type: ${Object.keys(EVENT_TYPES).join(', ')}`);
}
