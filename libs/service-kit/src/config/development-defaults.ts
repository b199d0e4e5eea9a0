import { join } from 'node:path';
import { developmentSecret } from './development-secret.js';
import type { Defaults } from './read-environment.js';
import { workspaceRoot } from './workspace.js';

/**
 * What lets a service of the workspace start with nothing set: its own data folder, and secrets that all
 * services of the workspace share, made by whichever starts first. In production only the folder stays. A secret that
 * was made is put into the environment, so that whatever else reads it there finds the same.
 *
 * @param sharedSecrets names of the variables, such as `JWT_SECRET`
 */
export function developmentDefaults(
  app: string,
  sharedSecrets: readonly string[],
  environment = process.env,
): Defaults {
  const data = join(workspaceRoot(), '.data');
  const dataDir = { DATA_DIR: () => join(data, app) };
  if (environment['NODE_ENV'] === 'production') return dataDir;
  const secrets = sharedSecrets.map((name) => [
    name,
    () => (environment[name] = developmentSecret(join(data, 'shared', name))),
  ]);
  return { ...dataDir, ...Object.fromEntries(secrets) };
}
