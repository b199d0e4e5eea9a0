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

/** Seconds; the maximum of `JWT_MAX_LIFETIME`. */
const LONGEST_LIFE = 86_400;

/**
 * A revocation for a follower that understands only some kinds. What it does not know becomes a cut-off: of a token one of
 * its client, and of a client one of a user, where that says the same.
 *
 * @returns nothing where there is nothing to say in these kinds: the tokens concerned are good there until they expire
 */
export function inKinds(revocation: Revocation, kinds: readonly RevocationKind[]): Revocation | undefined {
  if (kinds.includes(revocation.kind)) return revocation;
  if (revocation.kind === 'token') return inKinds(cutOffFor(revocation), kinds);
  const isOfSubject = revocation.kind === 'client' || revocation.kind === 'stale-user';
  return isOfSubject && kinds.includes('user') ? { ...revocation, kind: 'user' } : undefined;
}

/**
 * The narrowest cut-off of a client that ends a token. Of two the follower holds the later one alone, and for as long as it
 * was told with that one, which must be enough for any token that the earlier one is for.
 */
function cutOffFor({
  client,
  before,
  until,
  for: left = 0,
}: Extract<Revocation, { kind: 'token' }>): Revocation {
  return { kind: 'client', id: client, before, until: until + LONGEST_LIFE, for: left + LONGEST_LIFE };
}
