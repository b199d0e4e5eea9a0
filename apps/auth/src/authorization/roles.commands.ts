import { print, table, type RunCommand } from '@signet/service-kit';
import { InvalidArgumentError, type Command } from 'commander';
import { OPERATOR } from '../audit/doer.js';
import { MAX_SCOPES, ROLE_NAME, SCOPE } from './role-name.js';
import type { Role } from './roles.repository.js';
import { RolesService } from './roles.service.js';

interface Options {
  readonly json?: true;
}

interface SetOptions extends Options {
  readonly scope?: string[];
  readonly scopes: boolean;
  readonly description?: string;
}

/** `roles …`: what there is that users may be allowed. */
export function addRoleCommands(program: Command, run: RunCommand): void {
  const roles = program.command('roles').description('Roles, and the scopes that they grant');

  roles
    .command('list')
    .description('Lists all roles')
    .option('--json', 'as JSON')
    .action(({ json }: Options) => run(RolesService, async (service) => show(await service.list(), json)));

  roles
    .command('set')
    .description('Adds or changes a role; the access tokens of everyone who has it become stale')
    .argument('<name>', 'a to z, 0 to 9 and : . _ -', roleName)
    .option(
      '--scope <scope>',
      'a scope that it grants; repeat the option for each. Replaces all scopes',
      addScope,
    )
    .option('--no-scopes', 'grants no scope')
    .option('--description <text>', 'what the role is for')
    .option('--json', 'as JSON')
    .action((name: string, { scope, scopes, description, json }: SetOptions) =>
      run(RolesService, async (service) => {
        const change = { scopes: scopes ? scope : [], description };
        show([await service.set(name, change, OPERATOR)], json);
      }),
    );

  roles
    .command('remove')
    .description('Removes a role, also from the users who have it')
    .argument('<name>', 'as roles list shows it')
    .option('--json', 'as JSON')
    .action((name: string, { json }: Options) =>
      run(RolesService, async (service) => {
        await service.remove(name, OPERATOR);
        print(json, { removed: name }, [`Role ${name} is removed.`]);
      }),
    );
}

function roleName(text: string): string {
  if (!ROLE_NAME.test(text)) throw new InvalidArgumentError('A role is called like support or billing:read.');
  return text;
}

function addScope(text: string, others: readonly string[] = []): readonly string[] {
  if (!SCOPE.test(text) || others.length >= MAX_SCOPES)
    throw new InvalidArgumentError(`A role has at most ${MAX_SCOPES} scopes such as tasks:read.`);
  return [...others, text];
}

function show(roles: readonly Role[], json?: true): void {
  const rows = roles.map(({ name, scopes, description }) => ({ name, scopes, description }));
  const shown = rows.map((row) => ({ ...row, scopes: row.scopes.join(' ') || '-' }));
  print(json, { roles: rows }, table(shown, ['name', 'scopes', 'description']));
}
