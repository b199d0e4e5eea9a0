import type { RunCommand } from '@signet/service-kit';
import type { Command } from 'commander';
import { addAuditCommands } from './admin/audit.commands.js';
import { addClientCommands } from './clients/clients.commands.js';
import { addEventCommands } from './events/events.commands.js';
import { addKeyCommands } from './signing/keys.commands.js';
import { addUserCommands } from './users/transfer/users.commands.js';

/** The operator's commands: each feature adds its own. */
export function addCommands(program: Command, run: RunCommand): void {
  addUserCommands(program, run);
  addAuditCommands(program, run);
  addKeyCommands(program, run);
  addClientCommands(program, run);
const BAD_USAGE = 2;

/**
 * The operator's command line: understands the arguments, and has the commands do their work.
 *
 * @returns the exit code: 0, or 2 for arguments that mean nothing
 * @throws what a command throws
 */
export async function operate(args: readonly string[], run: RunCommand): Promise<number> {
  try {
    await program(run).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : BAD_USAGE;
  }
}

/** Each feature adds its own commands; `exitOverride` is inherited by those that are made by `.command()`. */
function program(run: RunCommand): Command {
  const root = new Command('auth')
    .description(
      'The operator of auth. Without arguments it serves; it reads the same environment either way.',
    )
    .exitOverride()
    .showHelpAfterError('(--help tells what there is)');
  addUserCommands(root, run);
  addAuditCommands(root, run);
  addKeyCommands(root, run);
  addClientCommands(root, run);
  addEventCommands(root, run);
  return root;
}
