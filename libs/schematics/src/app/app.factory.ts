import { strings } from '@angular-devkit/core';
import {
  apply,
  applyTemplates,
  chain,
  mergeWith,
  move,
  SchematicsException,
  url,
  type Rule,
  type Tree,
} from '@angular-devkit/schematics';
import { randomUUID } from 'node:crypto';
import { format, resolveConfig } from 'prettier';
import { nameFault } from './name-fault.ts';
import { manifestOf, withPackage } from './manifest.ts';
import { addToCompose, addToDockerfile, addToNestCli, nextPort, portFault } from './places.ts';

/** What `schema.json` describes. */
export interface AppOptions {
  readonly name: string;
  readonly port?: number;
}

/** Where a service is listed, and what adds one to it. */
const PLACES = {
  '/nest-cli.json': addToNestCli,
  '/Dockerfile': addToDockerfile,
  '/docker-compose.yml': addToCompose,
} as const;

const LOCKFILE = '/package-lock.json';

/**
 * A service: its own database with a first migration, a guarded resource that users own, specs, an end-to-end test, and
 * its place in the workspace.
 *
 * @throws {SchematicsException} for a bad or taken name or port, before anything is written
 */
export function app({ name, port: wanted }: AppOptions): Rule {
  return (tree) => {
    const port = wanted ?? nextPort(tree.readText('/Dockerfile'));
    const fault = nameFault(tree, name) ?? portFault(tree.readText('/Dockerfile'), port);
    if (fault !== undefined) throw new SchematicsException(fault);
    const service = { name, port, variable: strings.underscore(name) };
    const words = { ...strings, ...service, migratedAt: Date.now(), snapshotId: randomUUID() };
    const places = Object.entries(PLACES).map(([path, add]): Rule => {
      return (workspace: Tree) => workspace.overwrite(path, add(workspace.readText(path), service));
    });
    const manifest = manifestOf(name, tree.readText('/libs/service-kit/package.json'));
    return chain([
      mergeWith(apply(url('./files'), [applyTemplates(words), move('/')])),
      (workspace: Tree) => {
        workspace.create(`/apps/${name}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
        workspace.overwrite(LOCKFILE, withPackage(workspace.readText(LOCKFILE), `apps/${name}`, manifest));
      },
      ...places,
      formatted(name),
    ]);
  };
}

/** How lines break depends on the length of the name. */
function formatted(name: string): Rule {
  return async (tree) => {
    for (const folder of [`/apps/${name}`, `/test/${name}`]) {
      const paths: string[] = [];
      tree.getDir(folder).visit((path) => paths.push(path));
      for (const path of paths.filter((file) => file.endsWith('.ts'))) {
        const options = await resolveConfig(`.${path}`);
        tree.overwrite(path, await format(tree.readText(path), { ...options, filepath: path }));
      }
    }
  };
}
