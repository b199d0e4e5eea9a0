import { runCommand, type CommandResult, type Environment } from './service.js';

/** Runs a command of auth's operator with `environment` alone. */
export function operate(args: readonly string[], environment: Environment): Promise<CommandResult> {
  return runCommand('auth', args, environment);
}

/** A command with `--json` that must succeed. */
export async function operateJson<T>(args: readonly string[], environment: Environment): Promise<T> {
  const { code, stdout, stderr } = await operate([...args, '--json'], environment);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
