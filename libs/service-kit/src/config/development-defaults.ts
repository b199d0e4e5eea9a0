import { join } from 'node:path';
import { developmentSecret } from './development-secret.js';
import type { Defaults } from './read-environment.js';
import { workspaceRoot } from './workspace.js';

/**
 * What lets a service of the workspace start with nothing set: its own data folder, its name as `CLIENT_ID`, and secrets
 * that all services of the workspace share, made by the one that starts first; in production no secrets. A name or secret
 * that was missing is put into the environment, so that libraries that read it there find the same.
 *
 * @param sharedSecrets names of the variables, such as `JWT_SECRET`. `CLIENT_SECRET` is left out for a service with
 *   another credential (`CLIENT_KEY_FILE`, `CLIENT_ASSERTION_FILE`), as it may have one alone
 */
export function developmentDefaults(
  app: string,
  sharedSecrets: readonly string[],
  environment = process.env,
): Defaults {
  const data = join(workspaceRoot(), '.data');
  const own = { DATA_DIR: () => join(data, app), CLIENT_ID: () => (environment['CLIENT_ID'] = app) };
  if (environment['NODE_ENV'] === 'production') return own;
  const hasCredential = environment['CLIENT_KEY_FILE'] || environment['CLIENT_ASSERTION_FILE'];
  const secrets = sharedSecrets
    .filter((name) => name !== 'CLIENT_SECRET' || !hasCredential)
    .map((name) => [name, () => (environment[name] = developmentSecret(join(data, 'shared', name)))]);
  return { ...own, ...Object.fromEntries(secrets) };
}
