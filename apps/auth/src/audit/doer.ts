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

/** The columns of the audit log that say who it was. */
export function recordedAs(doer: Doer): Pick<AuditEvent, 'doer' | 'address' | 'userAgent'> {
  return doer.kind === 'operator' ? { doer: 'operator' } : { doer: doer.userId, ...originOf(doer.requester) };
}
