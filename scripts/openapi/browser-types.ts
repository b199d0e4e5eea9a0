import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../services.ts';
import type { OpenApiDocument } from './rules.ts';

/** What `@signet/browser-client` calls. */
const PATHS = ['/auth/register', '/auth/login', '/auth/refresh', '/auth/logout', '/auth/me'];
const TARGET = join(ROOT, 'libs/browser-client/src/api.generated.ts');

/**
 * Makes the types of `@signet/browser-client` from auth's document.
 *
 * @param folder for what is made on the way
 * @param write whether to write them, or to compare them with those that are there
 * @returns whether they are up to date
 */
export function browserTypes(document: OpenApiDocument, folder: string, write: boolean): boolean {
  const file = join(folder, 'browser-client.json');
  writeFileSync(file, JSON.stringify(partOf(document)));
  const made = join(folder, 'browser-client');
  run('openapi-ts', ['-i', file, '-o', made, '-p', '@hey-api/typescript', '--silent']);
  const types = readFileSync(join(made, 'types.gen.ts'), 'utf8').replace(
    /^.*\n/,
    '// Made by `npm run openapi:check -- --write` from the OpenAPI document of auth.\n',
  );
  const formatted = run('prettier', ['--stdin-filepath', TARGET], types);
  if (write) writeFileSync(TARGET, formatted);
  return formatted === readFileSync(TARGET, 'utf8');
}

/** The routes that are called, and the schemas that they use. */
function partOf(document: OpenApiDocument): object {
  const paths = Object.fromEntries(PATHS.map((path) => [path, document.paths[path]]));
  const schemas = document.components.schemas;
  const used = new Set<string>();
  const waiting: unknown[] = [paths];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (!used.has(name)) waiting.push(schemas[name]);
      used.add(name);
    }
  }
  const isUsed = ([name]: [string, unknown]) => used.has(name);
  return {
    ...document,
    paths,
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(isUsed)),
    },
  };
}

function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', command), args, {
    cwd: ROOT,
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}
