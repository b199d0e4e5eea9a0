import { EVENT_TYPES } from '@signet/account-events';
import type { OutboxEvent } from '../events/account-events.table.js';
import type { EventStream } from '../events/event-streams.repository.js';

/** CAEP events may say when the change was made (OpenID CAEP 1.0 §2); RISC events have no members of the kind. */
const TIMED: ReadonlySet<string> = new Set([
  EVENT_TYPES['session-revoked'],
  EVENT_TYPES['credential-change'],
  EVENT_TYPES['token-claims-change'],
]);

/**
 * The claims of a security event token (RFC 8417 §2.2, in the profile of OpenID SSF 1.0 §4.1): `sub` and `exp` are
 * not allowed, so that no one takes it for an access token.
 *
 * The subject of a session is the session of a user; of every other event it is the account, by issuer and id
 * (RFC 9493 §3.2.3). For `identifier-changed` RISC 1.0 §2.6 asks for the old address instead; services know an
 * account by its id, and have no use for an address that is not theirs to keep.
 */
export function claimsOfSet(event: OutboxEvent, iss: string, stream: EventStream): object {
  const iat = Math.floor(event.recordedAt.getTime() / 1000);
  const claims = TIMED.has(event.type) ? { event_timestamp: iat, ...event.claims } : event.claims;
  return {
    iss,
    jti: event.jti,
    iat,
    aud: stream.clientId,
    txn: event.txn,
    sub_id: subjectOf(event, iss, stream.id),
    events: { [event.type]: claims },
  };
}

function subjectOf({ userId, sessionId }: OutboxEvent, iss: string, streamId: string): object {
  if (userId === null) return { format: 'opaque', id: streamId };
  const user = { format: 'iss_sub', iss, sub: userId };
  return sessionId === null
    ? user
    : { format: 'complex', user, session: { format: 'opaque', id: sessionId } };
}
