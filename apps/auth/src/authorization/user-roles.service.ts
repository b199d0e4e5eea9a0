import type { Transaction } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import { AuditRepository } from '../audit/audit.repository.js';
import { doneBy, type Doer } from '../audit/doer.js';
import { rightsChanged } from '../events/account-event.js';
import { AccountEventsRepository } from '../events/account-events.repository.js';
import type { RevocationTarget } from '../revocation/revocations.service.js';
import { lastAdministrator, rightsTooLarge, unknownRole } from './authorization.errors.js';
import { fitsToken, unionOf, type Rights } from './rights.js';
import { ADMIN, MAX_ROLES } from './role-name.js';
import { RolesRepository } from './roles.repository.js';

/** Gives users roles and takes them away, as part of the transactions of others, which have locked the user. */
@Injectable()
export class UserRolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly audit: AuditRepository,
    private readonly events: AccountEventsRepository,
  ) {}

  /**
   * Gives a user some roles and no others.
   *
   * @param change the roles there are to be, from those there are
   * @param force also when no administrator is left
   * @returns what becomes stale: nothing where nothing has changed
   * @throws {ProblemException} 400 `UNKNOWN_ROLE`, 400 `RIGHTS_TOO_LARGE`, 409 `LAST_ADMINISTRATOR`
   */
  async change(
    tx: Transaction,
    userId: string,
    change: (current: readonly string[]) => readonly string[],
    doer: Doer,
    force = false,
  ): Promise<RevocationTarget[]> {
    await this.roles.holdDefinitions(tx);
    const before = await this.roles.rolesOf(tx, userId);
    const after = [...new Set(change(before))].toSorted();
    if (before.join(' ') === after.join(' ')) return [];
    const { scopes } = await this.rightsOf(tx, after);
    if (before.includes(ADMIN) && !after.includes(ADMIN)) await this.assertNotLast(tx, userId, force);
    await this.roles.setRolesOf(tx, userId, after);
    const subject = after.join(' ') || 'none';
    await this.audit.record(tx, doneBy(doer, 'user_roles_changed', { userId, subject }));
    await this.events.record(tx, rightsChanged(userId, after, scopes));
    return [{ kind: 'stale-user', id: userId }];
  }

  /** @throws {ProblemException} 409 `LAST_ADMINISTRATOR` when no other user could administer without this one */
  async assertNotLast(tx: Transaction, userId: string, force = false): Promise<void> {
    await this.roles.lockAdministrators(tx);
    const { isHolder, hasOther } = await this.roles.holders(tx, ADMIN, userId);
    if (isHolder && !hasOther && !force) throw lastAdministrator();
  }

  /** @throws {ProblemException} 400 for a role that there is not, and for more than a token holds */
  private async rightsOf(tx: Transaction, names: readonly string[]): Promise<Rights> {
    const found = await this.roles.scopesOf(tx, names);
    const unknown = names.filter((name) => !found.some(([known]) => known === name));
    if (unknown.length > 0) throw unknownRole(unknown);
    const rights = unionOf(found);
    if (names.length > MAX_ROLES || !fitsToken(rights)) throw rightsTooLarge();
    return rights;
  }
}
