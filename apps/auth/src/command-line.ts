import type { RunCommand } from '@signet/service-kit';
import type { Command } from 'commander';
import { addAuditCommands } from './admin/audit.commands.js';
import { addUserAdministration } from './admin/users.commands.js';
import { addRoleCommands } from './authorization/roles.commands.js';
import { addClientCommands } from './clients/clients.commands.js';
import { addEventCommands } from './events/events.commands.js';
import { addKeyCommands } from './signing/keys.commands.js';
import { addUserCommands } from './users/transfer/users.commands.js';

/** The operator's commands: each feature adds its own. */
export function addCommands(program: Command, run: RunCommand): void {
  addUserCommands(program, run);
  addUserAdministration(program, run);
  addRoleCommands(program, run);
  addAuditCommands(program, run);
  addKeyCommands(program, run);
  addClientCommands(program, run);
  addEventCommands(program, run);
}
