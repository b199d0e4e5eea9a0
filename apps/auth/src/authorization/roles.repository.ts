import { InjectDatabase, type Database, type Transaction } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { asc, count, eq, inArray, sql } from 'drizzle-orm';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import type { RoleScopes } from './rights.js';
import { roles, userRoles } from './roles.table.js';

export type Role = typeof roles.$inferSelect;

/** Any numbers that nothing else locks. */
const DEFINITIONS = 0x5349_524f;
const ADMINISTRATORS = 0x5349_4144;

/** Roles, and who has them. */
@Injectable()
export class RolesRepository {
  constructor(
    @Inject(authConfig.KEY) private readonly config: AuthConfig,
    @InjectDatabase() private readonly db: Database,
  ) {}

  list(): Promise<Role[]> {
    return this.db.select().from(roles).orderBy(asc(roles.name));
  }

  async find(name: string, db: Pick<Database, 'select'> = this.db): Promise<Role | undefined> {
    const [role] = await db.select().from(roles).where(eq(roles.name, name));
    return role;
  }

  async scopesOf(tx: Transaction, names: readonly string[]): Promise<RoleScopes[]> {
    const found = await tx
      .select({ name: roles.name, scopes: roles.scopes })
      .from(roles)
      .where(inArray(roles.name, [...names]));
    return found.map(({ name, scopes }) => [name, scopes] as const);
  }

  /** Keeps what roles allow as it is until the end of the transaction; many may do so at once. */
  async holdDefinitions(tx: Transaction): Promise<void> {
    await tx.execute(sql`select pg_advisory_xact_lock_shared(${DEFINITIONS})`);
  }

  /** Waits for all who hold them, and keeps others from doing so. */
  async lockDefinitions(tx: Transaction): Promise<void> {
    await tx.execute(sql`select pg_advisory_xact_lock(${DEFINITIONS})`);
  }

  /** Has changes that may take away an administrator take turns. */
  async lockAdministrators(tx: Transaction): Promise<void> {
    await tx.execute(sql`select pg_advisory_xact_lock(${ADMINISTRATORS})`);
  }

  /**
   * Whether a user who is enabled has a role, and whether another one has it who can log in: an invitation that nobody
   * has answered may have gone to an address that nobody reads.
   */
  async holders(
    tx: Transaction,
    role: string,
    userId: string,
  ): Promise<{ isHolder: boolean; hasOther: boolean }> {
    const isOptional = this.config.EMAIL_VERIFICATION === 'off';
    const { rows } = await tx.execute<{ is_holder: boolean | null; has_other: boolean | null }>(sql`
      select bool_or(u.id = ${userId}::uuid) as is_holder, bool_or(u.id <> ${userId}::uuid and (
        u.email_verified or ${isOptional} and not exists (
          select from audit_events a where a.user_id = u.id and a.event = 'account_invited')
      )) as has_other
      from user_roles ur join users u on u.id = ur.user_id where ur.role = ${role} and u.disabled_at is null`);
    return { isHolder: rows[0]?.is_holder ?? false, hasOther: rows[0]?.has_other ?? false };
  }

  async count(tx: Transaction): Promise<number> {
    const [row] = await tx.select({ count: count() }).from(roles);
    return row?.count ?? 0;
  }

  /** Adds a role, or changes it. */
  async set(
    tx: Transaction,
    { name, description, scopes }: Pick<Role, 'name' | 'description' | 'scopes'>,
  ): Promise<void> {
    await tx
      .insert(roles)
      .values({ name, description, scopes })
      .onConflictDoUpdate({ target: roles.name, set: { description, scopes, changedAt: sql`now()` } });
  }

  async remove(tx: Transaction, name: string): Promise<void> {
    await tx.delete(roles).where(eq(roles.name, name));
  }

  /** Each set of roles that users have together with this one: far fewer than users. */
  async combinationsWith(tx: Transaction, role: string): Promise<string[][]> {
    const { rows } = await tx.execute<{ roles: string[] }>(sql`
      select distinct array_agg(role order by role) as roles from user_roles
      where user_id in (select user_id from user_roles where role = ${role}) group by user_id`);
    return rows.map((row) => row.roles);
  }

  /** Everyone who has a role, with all that they have. */
  async holdersWithRoles(tx: Transaction, role: string): Promise<{ userId: string; roles: string[] }[]> {
    const { rows } = await tx.execute<{ user_id: string; roles: string[] }>(sql`
      select user_id, array_agg(role order by role) as roles from user_roles
      where user_id in (select user_id from user_roles where role = ${role}) group by user_id`);
    return rows.map((row) => ({ userId: row.user_id, roles: row.roles }));
  }

  async rolesOf(tx: Pick<Database, 'select'>, userId: string): Promise<string[]> {
    const rows = await tx
      .select({ role: userRoles.role })
      .from(userRoles)
      .where(eq(userRoles.userId, userId))
      .orderBy(asc(userRoles.role));
    return rows.map(({ role }) => role);
  }

  /** Gives a user these roles and no others. */
  async setRolesOf(tx: Transaction, userId: string, names: readonly string[]): Promise<void> {
    await tx.execute(sql`
      with kept as (select unnest(${sql.param(names)}::text[]) as role),
        gone as (delete from user_roles where user_id = ${userId}::uuid and role not in (select role from kept))
      insert into user_roles (user_id, role) select ${userId}::uuid, role from kept on conflict do nothing`);
  }
}
