import type { AuditEvent } from './audit.repository.js';
import { originOf, type Requester } from './requester.js';

/** Who changes the account of another person, or a setting of all: an administrator, or the operator at the command line. */
export type Doer = AdministratorDoer | { readonly kind: 'operator' };

/** An administrator, and where they are. */
export interface AdministratorDoer {
  readonly kind: 'administrator';
  readonly userId: string;
  readonly requester: Requester;
}

export const OPERATOR: Doer = { kind: 'operator' };

/** A change that somebody has made to the account of another, or to what is not an account. */
export function doneBy(
  doer: Doer,
  event: AuditEvent['event'],
  about: Pick<AuditEvent, 'userId' | 'subject'>,
): AuditEvent {
  const who =
    doer.kind === 'operator' ? { doer: 'operator' } : { doer: doer.userId, ...originOf(doer.requester) };
  return { event, outcome: 'ok', ...about, ...who };
}

/** What a person has done to their own account, or tried to. */
export function doneBySelf(
  event: AuditEvent['event'],
  { userId, sessionId }: Pick<AuditEvent, 'userId' | 'sessionId'>,
  requester: Requester,
  outcome: AuditEvent['outcome'] = 'ok',
): AuditEvent {
  return { event, outcome, userId, sessionId, ...originOf(requester) };
}
