import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBy, type Doer } from '../audit/doer.js';
import { rightsChanged, type AccountEvent } from '../events/account-event.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import { RevocationsService, type RevocationTarget } from '../revocation/revocations.service.js';
import { rightsTooLarge, roleNotFound, roleProtected, tooManyRoles } from './authorization.errors.js';
import { fitsToken, unionOf } from './rights.js';
import { ADMIN, MAX_DEFINED_ROLES } from './role-name.js';
import { RolesRepository, type Role } from './roles.repository.js';

const USERS_AT_ONCE = 1_000;

/** Defines roles. A change of what one allows makes the tokens of all who have it stale: one entry, however many they are. */
@Injectable()
export class RolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly revocations: RevocationsService,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  list(): Promise<Role[]> {
    return this.roles.list();
  }

  /**
   * Adds a role, or changes what it allows.
   *
   * @param scopes without them they stay as they are
   * @throws {ProblemException} 400 `RIGHTS_TOO_LARGE` when a user who has it would have more than a token holds
   */
  async set(
    name: string,
    change: { readonly scopes?: readonly string[] | undefined; readonly description?: string | undefined },
    doer: Doer,
  ): Promise<Role> {
    let result: Role | undefined;
    await this.revocations.commit(async (tx) => {
      await this.roles.lockDefinitions(tx);
      const before = await this.roles.find(name, tx);
      const scopes = [...new Set(change.scopes ?? before?.scopes ?? [])].toSorted();
      await this.assertFits(tx, name, scopes, before === undefined);
      await this.roles.set(tx, {
        name,
        scopes,
        description: change.description ?? before?.description ?? '',
      });
      const subject = `${name}: ${scopes.join(' ') || 'no scopes'}`;
      await this.audit.record(tx, doneBy(doer, 'role_changed', { subject }));
      result = await this.roles.find(name, tx);
      if (before === undefined || before.scopes.join(' ') === scopes.join(' ')) return [];
      await this.tellServices(tx, await this.roles.holdersWithRoles(tx, name));
      return [stale(name)];
    });
    if (!result) throw roleNotFound();
    return result;
  }

  /** Removes a role; the users who have it lose it. */
  async remove(name: string, doer: Doer): Promise<void> {
    if (name === ADMIN) throw roleProtected();
    await this.revocations.commit(async (tx) => {
      await this.roles.lockDefinitions(tx);
      if (!(await this.roles.find(name, tx))) throw roleNotFound();
      const holders = await this.roles.holdersWithRoles(tx, name);
      await this.roles.remove(tx, name);
      await this.audit.record(tx, doneBy(doer, 'role_removed', { subject: name }));
      await this.tellServices(
        tx,
        holders.map(({ userId, roles }) => ({ userId, roles: roles.filter((role) => role !== name) })),
      );
      return [stale(name)];
    });
  }

  /** The claims of each user's tokens from now on. */
  private async tellServices(
    tx: Transaction,
    users: readonly { userId: string; roles: string[] }[],
  ): Promise<void> {
    const names = [...new Set(users.flatMap(({ roles }) => roles))];
    const scopes = new Map(await this.roles.scopesOf(tx, names));
    for (let i = 0; i < users.length; i += USERS_AT_ONCE) {
      const events = users.slice(i, i + USERS_AT_ONCE).map(({ userId, roles }): AccountEvent => {
        const union = [...new Set(roles.flatMap((role) => scopes.get(role) ?? []))].toSorted();
        return rightsChanged(userId, roles, union);
      });
      await this.events.record(tx, ...events);
    }
  }

  private async assertFits(tx: Transaction, name: string, scopes: string[], isNew: boolean): Promise<void> {
    if (isNew && (await this.roles.count(tx)) >= MAX_DEFINED_ROLES) throw tooManyRoles();
    const combinations = [[name], ...(isNew ? [] : await this.roles.combinationsWith(tx, name))];
    const known = new Map(await this.roles.scopesOf(tx, [...new Set(combinations.flat())]));
    known.set(name, scopes);
    const areFit = combinations.every((names) =>
      fitsToken(unionOf(names.map((role) => [role, known.get(role) ?? []] as const))),
    );
    if (!areFit) throw rightsTooLarge();
  }
}

function stale(role: string): RevocationTarget {
  return { kind: 'stale-role', id: role };
}
