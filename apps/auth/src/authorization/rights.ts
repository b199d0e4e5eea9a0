import { sql, type SQL } from 'drizzle-orm';
import { waitOf } from '../revocation/cut-off.js';

/** What a user may do: the claims `roles` and `scope` of their tokens. */
export interface Rights {
  /** Sorted. */
  readonly roles: readonly string[];
  /** What the roles allow, sorted, each once. */
  readonly scopes: readonly string[];
}

/** A role and its scopes. */
export type RoleScopes = readonly [name: string, scopes: readonly string[]];

/**
 * Bytes of roles and scopes in a token at most: with a signature by RSA, long names of the issuer and its audiences, and
 * a chain of clients there is room for them in 4 KiB.
 */
const MAX_BYTES = 1_800;

/** The union of what roles allow. */
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

/**
 * What a user may do, as part of a statement. It is read by the snapshot of the statement that also gives `iat`: a change
 * that the snapshot does not show has its cut-off behind that.
 *
 * @param userId an expression of the surrounding statement, with its table's name
 */
export function rightsOf(userId: string): SQL<Rights> {
  return sql<Rights>`(
    select jsonb_agg(jsonb_build_array(r.name, r.scopes)) from user_roles ur join roles r on r.name = ur.role
    where ur.user_id = ${sql.raw(userId)})`.mapWith((roles: readonly RoleScopes[]) => unionOf(roles));
}

/** {@link rightsOf} as a statement without a mapper returns it. */
export function rightsFrom(roles: readonly RoleScopes[] | null): Rights {
  return roles === null ? NONE : unionOf(roles);
}

/** The rights of most users. */
export const NONE: Rights = { roles: [], scopes: [] };

/** `waitOf` for a user with the roles that they have. */
export function waitForRights(userId: string): SQL<number> {
  return waitOf(userId, sql`select role from user_roles where user_id = ${sql.raw(userId)}`);
}
