import type { Type } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import type { ServiceEnvironment } from '../config/index.js';
import { JsonLogger } from '../logging/index.js';
import { commandRunner, type RunCommand } from './command-runner.js';
import { createService, type ServiceDescription } from './create-service.js';
import { surviveExhaustion } from './exhaustion.js';
import { stopOnSignals } from './graceful-close.js';
import { listen } from './listen.js';
import { giveUp, loadEnvFile, reasons, SIGNALS } from './process.js';
import { requireNode, version } from './versions.js';

/** The operator's commands of a service. */
export interface ServiceCommands {
  /** What they are made of: no routes, no background work. */
  readonly module: Type;
  /** Adds them to the program. */
  readonly add: (program: Command, run: RunCommand) => void;
}

/** A service as a program. */
export interface RunnableService extends ServiceDescription {
  /** Reads and checks the service's environment; throws `ConfigurationError`. */
  readonly config: () => ServiceEnvironment;
  readonly commands?: ServiceCommands;
}

/** Arguments that mean nothing. */
const BAD_USAGE = 2;

/**
 * Runs a service as a program. Without arguments it serves until SIGTERM or SIGINT; otherwise it does what the
 * arguments say, in the same environment: `--help`, `--version`, or one of its commands.
 *
 * Ends with exit code 1, and the reasons on standard error, if it cannot start or a command fails; with 2 if the
 * arguments mean nothing.
 */
export async function runService(service: RunnableService): Promise<void> {
  let isServing = false;
  const { name, commands } = service;
  const program = new Command(name)
    .description(`${service.description}\n\nWithout arguments it serves; environment variables configure it.`)
    .version(version())
    .allowExcessArguments(false)
    .exitOverride()
    .showHelpAfterError('(add --help for usage)')
    .action(() => {
      isServing = true;
      return serve(service);
    });
  try {
    requireNode();
    for (const signal of SIGNALS) process.on(signal, giveUp);
    commands?.add(program, commandRunner(name, commands.module));
    await program.parseAsync(process.argv.slice(2), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : BAD_USAGE;
    } else {
      process.stderr.write(told(reasons(error), isServing ? `${name} cannot start` : undefined));
      process.exit(1);
    }
  }
}

async function serve(service: RunnableService): Promise<void> {
  loadEnvFile(service.name);
  const environment = service.config();
  const logger = new JsonLogger(service.name, environment.LOG_LEVEL);
  const app = await createService(service, logger, environment);
  for (const signal of SIGNALS) process.off(signal, giveUp);
  stopOnSignals(app, environment);
  surviveExhaustion(app);
  await listen(app, service.name, environment);
}

function told(lines: readonly string[], heading: string | undefined): string {
  if (heading === undefined) return lines.map((line) => `${line}\n`).join('');
  return `${heading}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
