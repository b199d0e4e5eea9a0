import { REVOCATION_KINDS, type Revocation, type RevocationKind } from '@signet/jwt-shared';

/** What followers understand that do not say: those of the first version. */
const FIRST_KINDS = ['key', 'session', 'user'] as const satisfies RevocationKind[];

/**
 * Reads which kinds a follower understands (`?kinds=session,user`). Names that are not known here are passed over: a
 * newer service may follow an older auth.
 */
export function kindsIn(parameter: unknown): readonly RevocationKind[] {
  if (typeof parameter !== 'string') return FIRST_KINDS;
  const named = new Set(parameter.split(','));
  return REVOCATION_KINDS.filter((kind) => named.has(kind)).toSorted();
}

/**
 * A revocation for a follower that understands only some kinds: what it does not know becomes a cut-off of a user, where
 * that says the same.
 *
 * @returns nothing where there is nothing to say in these kinds: the tokens concerned are good there until they expire
 */
export function inKinds(revocation: Revocation, kinds: readonly RevocationKind[]): Revocation | undefined {
  if (kinds.includes(revocation.kind)) return revocation;
  const isOfSubject = revocation.kind === 'client' || revocation.kind === 'stale-user';
  return isOfSubject && kinds.includes('user') ? { ...revocation, kind: 'user' } : undefined;
}
