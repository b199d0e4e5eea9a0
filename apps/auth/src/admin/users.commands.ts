import { limitOption, print, table, type RunCommand } from '@signet/service-kit';
import { isUUID } from 'class-validator';
import { Command } from 'commander';
import { OPERATOR } from '../audit/doer.js';
import { normaliseEmail } from '../users/email-address.js';
import { AdminUserDto } from './dto/user.dto.js';
import { UserAdministrationService } from './user-administration.service.js';
import type { ListedUser } from './user-search.query.js';

interface Options {
  readonly json?: true;
  readonly force?: true;
}

interface ListOptions extends Pick<Options, 'json'> {
  readonly query?: string;
  readonly role?: string;
  readonly disabled?: true;
  readonly limit: number;
}

type Work = (
  service: UserAdministrationService,
  id: string,
  asked: { readonly role: string; readonly force: true | undefined },
) => Promise<void>;

const FORCE = 'even if no administrator remains';

/** `users …`: looks at the people who can log in, and changes what they may do. */
export function addUserAdministration(program: Command, run: RunCommand): void {
  const users = program.commands.find((command) => command.name() === 'users') ?? program.command('users');
  const command = (name: string, description: string) =>
    users.command(name).description(description).argument('<user>', 'an id or an e-mail address');
  /** Has a command about one user do something, and show what has become of them. */
  const does = (asked: Command, work: Work) =>
    asked.option('--json', 'as JSON').action(() => {
      const [user = '', role = ''] = asked.args;
      const { json, force } = asked.opts<Options>();
      return run(UserAdministrationService, async (service) => {
        const { id } = await find(service, user);
        await work(service, id, { role, force });
        const [after] = await service.list({ id, limit: 1 });
        const shownLines = after ? lines([after]) : [`${id} is deleted.`];
        print(json, after ? shown(after) : { id, deleted: true }, shownLines);
      });
    });

  users
    .command('list')
    .description('Lists users, newest first; with --query, by address')
    .option('--query <text>', 'whose address begins with this')
    .option('--role <role>', 'who have this role')
    .option('--disabled', 'who are disabled')
    .addOption(limitOption())
    .option('--json', 'as JSON')
    .action(({ query, role, disabled, limit, json }: ListOptions) =>
      run(UserAdministrationService, async (service) => {
        const emailPrefix = query === undefined ? undefined : normaliseEmail(query);
        const found = await service.list({ emailPrefix, role, isDisabled: disabled, limit });
        print(json, { users: found.map((user) => shown(user)) }, lines(found));
      }),
    );

  does(command('show', 'Shows one user'), () => Promise.resolve());
  does(command('grant', 'Gives a user a role').argument('<role>'), (service, id, { role }) =>
    service.changeRoles(id, (roles) => [...roles, role], OPERATOR),
  );
  does(
    command('revoke', 'Takes a role away from a user').argument('<role>').option('--force', FORCE),
    (service, id, { role, force }) =>
      service.changeRoles(id, (roles) => without(roles, role), OPERATOR, force),
  );
  does(
    command('disable', 'Ends all sessions of a user, who can no longer log in').option('--force', FORCE),
    (service, id, { force }) => service.disable(id, OPERATOR, force),
  );
  does(command('enable', 'Lets a disabled user log in again'), (service, id) => service.enable(id, OPERATOR));
  does(command('delete', 'Deletes a user permanently').option('--force', FORCE), (service, id, { force }) =>
    service.remove(id, OPERATOR, force),
  );
  does(command('end-sessions', 'Ends all sessions of a user'), (service, id) =>
    service.endSessions(id, OPERATOR),
  );
}

async function find(service: UserAdministrationService, user: string): Promise<ListedUser> {
  if (isUUID(user)) return service.find(user);
  const email = normaliseEmail(user);
  const [found] = await service.list({ emailPrefix: email, limit: 1 });
  if (found?.email !== email) throw new Error('There is no user with this address.');
  return found;
}

/** @throws {Error} when the role is not among them: its name may be misspelt, and the user would keep it */
function without(roles: readonly string[], role: string): string[] {
  if (!roles.includes(role))
    throw new Error(`The user does not have the role "${role}". Nothing was changed.`);
  return roles.filter((name) => name !== role);
}

function shown(user: ListedUser) {
  const { disabled: _, ...row } = AdminUserDto.of(user);
  return row;
}

function lines(users: readonly ListedUser[]): string[] {
  const rows = users.map((user) => ({ ...shown(user), roles: user.roles.join(' ') || '-' }));
  return table(rows, ['id', 'email', 'roles', 'disabled_at', 'created_at']);
}
