import { DrizzleQueryError } from 'drizzle-orm/errors';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../config/index.js';
import { faultOf } from '../database/fault.js';

/** What asks a process to end. */
export const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A signal while there is nothing to close in order: an exit runs what ends the embedded database. */
export function giveUp(): never {
  process.exit(130);
}

/** `apps/<name>/.env` of the checkout, where there is one; what the environment sets already stays. */
export function loadEnvFile(name: string): void {
  const file = join(workspaceRoot(), 'apps', name, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** Why something failed, one line for each fault. */
export function reasons(error: unknown): readonly string[] {
  if (error instanceof Error && 'faults' in error && Array.isArray(error.faults))
    return error.faults as string[];
  // Its own message is the whole statement, with all that it was to write.
  if (error instanceof DrizzleQueryError)
    return [`The database failed: ${faultOf(error.cause).code ?? 'no answer'}`];
  return [error instanceof Error ? error.message : String(error)];
}
