/** What a user may do: the claims `roles` and `scope` of their tokens. */
export interface Rights {
  /** Sorted. */
  readonly roles: readonly string[];
  /** What the roles allow, sorted, each once. */
  readonly scopes: readonly string[];
}

export type RoleScopes = readonly [name: string, scopes: readonly string[]];

/**
 * Bytes of roles and scopes in a token at most: with a signature by RSA, long names of the issuer and its audiences, and
 * a chain of clients there is room for them in 4 KiB.
 */
const MAX_BYTES = 1_800;

export function unionOf(roles: readonly RoleScopes[]): Rights {
  return {
    roles: roles.map(([name]) => name).toSorted(),
    scopes: [...new Set(roles.flatMap(([, scopes]) => scopes))].toSorted(),
  };
}

/** Whether a token has room for them. */
export function fitsToken({ roles, scopes }: Rights): boolean {
  return Buffer.byteLength(JSON.stringify({ roles, scope: scopes.join(' ') })) <= MAX_BYTES;
}

/** What `rights_of()` of the database tells of a user who has a role. */
export interface FoundRights {
  readonly roles: readonly RoleScopes[];
  /** Tokens issued earlier than this second would be refused, because what one of the roles allows has changed. */
  readonly before: number | null;
}

/**
 * What a user may do, as part of a statement; nothing for one without a role, which PostgreSQL tells by a look into one
 * index. It is read by the snapshot of the statement that also gives `iat`: a change that the snapshot does not show has
 * its cut-off behind that.
 *
 * @param userId an expression of the surrounding statement, with its table's name
 */
export function rightsOf(userId: string): string {
  return `case when exists (select from user_roles where user_id = ${userId}) then rights_of(${userId}) end`;
}

/** {@link rightsOf} as the driver returns it. */
export function rightsFrom(found: FoundRights | null): Rights {
  return found === null ? NONE : unionOf(found.roles);
}

/** The rights of most users. */
const NONE: Rights = { roles: [], scopes: [] };
