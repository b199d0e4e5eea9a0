import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../services.ts';
import type { OpenApiDocument } from './rules.ts';

/** What `@signet/browser-client` calls, and the schemas that it reads. */
const CALLS = {
  '/auth/register': 'post',
  '/auth/login': 'post',
  '/auth/refresh': 'post',
  '/auth/logout': 'post',
  '/auth/me': 'get',
};
const SCHEMAS = ['MeDto', 'TokensDto', 'Problem', 'FieldError'];
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
  // What the generator says of itself, and of a client that is not made.
  const types = readFileSync(join(made, 'types.gen.ts'), 'utf8').replace(
    /^.*\n\nexport type ClientOptions = [^]*?\n};\n/,
    '// Made by `npm run openapi:check -- --write` from the OpenAPI document of auth.\n',
  );
  const formatted = run('prettier', ['--stdin-filepath', TARGET], types);
  if (write) writeFileSync(TARGET, formatted);
  return formatted === readFileSync(TARGET, 'utf8');
}

/** The schemas alone, and the codes of all problems that the calls are answered with as one of them. */
function partOf(document: OpenApiDocument): object {
  const { paths, components } = document;
  const responses = Object.entries(CALLS).map(([path, method]) => paths[path]?.[method]?.responses ?? {});
  const codes = JSON.stringify(responses).matchAll(/"code":\{"type":"string","enum":(\[[^\]]*\])/g);
  const known = new Set(Array.from(codes, ([, list]) => JSON.parse(list!) as string[]).flat());
  const schemas = Object.fromEntries(SCHEMAS.map((name) => [name, components.schemas[name]]));
  const ProblemCode = { type: 'string', enum: [...known].toSorted() };
  return { ...document, paths: {}, components: { schemas: { ...schemas, ProblemCode } } };
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
