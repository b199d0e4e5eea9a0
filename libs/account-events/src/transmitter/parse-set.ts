import type { JWTPayload } from 'jose';
import type { AccountEvent } from '../account-event.js';
import { SetRefused } from './set-refused.js';

/**
 * The event of a security event token whose signature, issuer and audience have been checked (RFC 8417 §2.2, OpenID
 * SSF 1.0 §4.1).
 *
 * @param jti under which the token was delivered
 * @throws {SetRefused} `invalid_request` for claims that are not those of such a token
 */
export function parseSet(payload: JWTPayload, jti: string): AccountEvent {
  // An access token or an ID token is never taken for an event.
  if (payload.exp !== undefined || payload.sub !== undefined) throw malformed('sub and exp are not allowed');
  if (payload.jti !== jti) throw malformed('jti is not the one that it was delivered under');
  if (typeof payload.iat !== 'number') throw malformed('iat is missing');
  const [type, claims] = theEvent(payload['events']);
  const { user, session } = subjectOf(payload['sub_id']);
  return {
    jti,
    type,
    userId: user?.['format'] === 'iss_sub' && user['iss'] === payload.iss ? text(user['sub']) : undefined,
    sessionId: text(session?.['id']),
    claims,
    transaction: text(payload['txn']),
    issuedAt: new Date(payload.iat * 1000),
  };
}

/** Several members are only allowed as other names of one event type; the first is as good as any. */
function theEvent(events: unknown): [type: string, claims: Record<string, unknown>] {
  const [first] = isObject(events) ? Object.entries(events) : [];
  if (first === undefined || !isObject(first[1])) throw malformed('events is no event');
  return [first[0], first[1]];
}

function subjectOf(subject: unknown) {
  if (!isObject(subject)) throw malformed('sub_id is missing');
  if (subject['format'] !== 'complex') return { user: subject };
  const [user, session] = [subject['user'], subject['session']];
  return { ...(isObject(user) && { user }), ...(isObject(session) && { session }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function malformed(message: string): SetRefused {
  return new SetRefused('invalid_request', message);
}
