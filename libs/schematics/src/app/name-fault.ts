import type { Tree } from '@angular-devkit/schematics';

/** A folder, an image, a host, a database and a class get this name, so it is what all of them allow. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Of a client's id. */
const SHORTEST_NAME = 2;
const LONGEST_NAME = 30;
/** Stages of the Dockerfile, folders of `test`, and words that other places would take for something else. */
const RESERVED = new Set(
  [
    'build manifests packages runtime support system browser fuzz libs node-modules',
    // A class of the kit, databases that PostgreSQL has, an image that Docker has, and what Windows has for folders.
    'service template0 template1 scratch con prn aux nul',
  ].flatMap((names) => names.split(' ')),
);

/** What is wrong with the name of a new service; `undefined`: nothing. */
export function nameFault(tree: Tree, name: string): string | undefined {
  if (!NAME.test(name) || name.length < SHORTEST_NAME || name.length > LONGEST_NAME) {
    return `"${name}" is not a valid name: lower-case letters, digits and single hyphens, a letter first, ${SHORTEST_NAME} to ${LONGEST_NAME} of them`;
  }
  const { projects } = JSON.parse(tree.readText('/nest-cli.json')) as { projects: Record<string, unknown> };
  const taken = [
    RESERVED.has(name) && 'it is reserved',
    name in projects && 'nest-cli.json has it',
    isFolder(tree, `/apps/${name}`) && `apps/${name} exists`,
    isFolder(tree, `/libs/${name}`) && `libs/${name} exists`,
    isFolder(tree, `/test/${name}`) && `test/${name} exists`,
    new RegExp(`^  (${name}|${name}-db|${name}-data):`, 'm').test(tree.readText('/docker-compose.yml')) &&
      'docker-compose.yml has it',
    new RegExp(` AS ${name}$`, 'im').test(tree.readText('/Dockerfile')) && 'the Dockerfile has it',
  ].find((reason) => reason !== false);
  return taken === undefined ? undefined : `"${name}" is taken: ${taken}`;
}

function isFolder(tree: Tree, path: string): boolean {
  const { subfiles, subdirs } = tree.getDir(path);
  return subfiles.length + subdirs.length > 0;
}
