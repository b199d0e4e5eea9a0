import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './services.ts';

/** By the rule: which file must not import what. */
const FORBIDDEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'apps-are-separate': { 'apps/auth/src/app.ts': '../../business/src/tasks.js' },
  'libs-are-below-apps': {
    'libs/jwt-shared/src/app.ts': '../../../apps/business/src/tasks.js',
    'libs/dev-postgres/src/test.ts': '../../../test/support/tools.js',
  },
  'libs-are-separate': { 'libs/dev-postgres/src/lib.ts': '@signet/jwt-shared' },
  'kit-knows-no-tokens': { 'libs/service-kit/src/errors/tokens.ts': '@signet/jwt-shared' },
  'one-door-a-library': { 'apps/auth/src/path.ts': '../../../libs/jwt-shared/src/inner.js' },
  'testing-stays-in-tests': { 'apps/auth/src/testing.ts': '@signet/jwt-shared/testing' },
  'jwt-shared-needs-no-database': { 'libs/jwt-shared/src/database.ts': 'pg' },
  'business-has-no-credentials': { 'apps/business/src/signs.ts': 'jsonwebtoken' },
  'packages-list-what-they-import': {
    'apps/auth/src/unlisted.ts': 'unlisted',
    'libs/service-kit/src/development.ts': 'tool',
  },
  'the-root-lists-tools': {
    'test/support/unlisted.ts': 'unlisted',
    'scripts/unlisted.ts': 'unlisted',
    'bench/unlisted.ts': 'unlisted',
  },
  'no-cycles': { 'libs/jwt-shared/src/one.ts': './other.js' },
  'no-lost-imports': { 'scripts/lost.ts': 'nowhere' },
};

const FORBIDDEN_OF_FOLDERS = {
  'folders-one-way': {
    'apps/auth/src/audit/told.ts': '../mail/queue.js',
    'apps/auth/src/mail/mail.ts': '../audit/audit.js',
  },
};

const ALLOWED: Readonly<Record<string, string>> = {
  'apps/auth/src/users.ts': '@signet/jwt-shared',
  'apps/auth/src/users.spec.ts': '@signet/jwt-shared/testing',
  'apps/auth/src/signs.ts': 'jsonwebtoken',
  'libs/service-kit/src/database.ts': '@signet/dev-postgres',
  'libs/service-kit/src/config/environment-of.ts': '@signet/jwt-shared',
  'libs/service-kit/src/listed.ts': 'pg',
  'libs/service-kit/src/development.spec.ts': 'tool',
  'test/support/tools.ts': 'tool',
  // The other half of the cycle, which is told once.
  'libs/jwt-shared/src/other.ts': './one.js',
};

const LEAVES = ['apps/business/src/tasks', 'apps/auth/src/mail/queue', 'apps/auth/src/audit/audit'];
const LIBRARIES = ['dev-postgres', 'jwt-shared', 'service-kit'];
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** A workspace as ours, but for what is imported in it. */
const workspace = mkdtempSync(join(tmpdir(), 'signet-rules-'));
afterAll(() => rmSync(workspace, { recursive: true }));

beforeAll(() => {
  write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
  write('package.json', JSON.stringify({ type: 'module', devDependencies: { tool: '*' } }));
  for (const name of ['jsonwebtoken', 'pg', 'tool', 'unlisted']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`);
  }
  const packages = ['apps/auth', 'apps/business', ...LIBRARIES.map((name) => `libs/${name}`)];
  for (const folder of packages) write(`${folder}/package.json`, JSON.stringify(manifest(folder)));
  mkdirSync(join(workspace, 'node_modules/@signet'));
  for (const name of LIBRARIES) {
    symlinkSync(join(workspace, 'libs', name), join(workspace, 'node_modules/@signet', name));
    for (const module of ['index', 'inner', 'testing/index']) write(`libs/${name}/src/${module}.ts`);
  }
  for (const leaf of LEAVES) write(`${leaf}.ts`);
  const plants = [...Object.values(FORBIDDEN), ...Object.values(FORBIDDEN_OF_FOLDERS), ALLOWED];
  for (const [file, imported] of plants.flatMap((each) => Object.entries(each)))
    write(file, `import '${imported}';\n`);
});

function write(path: string, content = 'export {};\n'): void {
  const file = join(workspace, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function manifest(folder: string) {
  const doors = { '.': './src/index.ts', './testing': './src/testing/index.ts' };
  const libraries = Object.fromEntries(LIBRARIES.map((name) => [`@signet/${name}`, '*']));
  return {
    name: folder.replace(/^\w+/, '@signet'),
    type: 'module',
    exports: doors,
    dependencies: { jsonwebtoken: '*', pg: '*', ...libraries },
    devDependencies: { tool: '*' },
  };
}

interface Summary {
  readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

/** Where each of the rules is broken. */
function violations(config: string): Record<string, string[]> {
  const folders = ['apps', 'libs', 'test', 'scripts', 'bench'];
  const args = [CRUISER, '--config', join(ROOT, config), '--output-type', 'json', ...folders];
  const { stdout } = spawnSync(process.execPath, args, { cwd: workspace, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as { readonly summary: Summary };
  const found = Object.fromEntries(summary.ruleSetUsed.forbidden.map(({ name }) => [name, [] as string[]]));
  for (const { rule, from } of summary.violations) found[rule.name]?.push(from);
  return found;
}

function sorted(byRule: readonly (readonly [rule: string, from: readonly string[]])[]) {
  return Object.fromEntries(byRule.map(([rule, from]) => [rule, from.toSorted()]));
}

describe('the rules of who may import whom', () => {
  it('each forbid what they are for, and no more', () => {
    const planted = Object.entries(FORBIDDEN).map(([rule, files]) => [rule, Object.keys(files)] as const);
    const found = Object.entries(violations('.dependency-cruiser.js'));
    expect(sorted(found)).toEqual(sorted(planted));
  });

  it('forbid two folders to import each other', () => {
    const folders = Object.keys(FORBIDDEN_OF_FOLDERS['folders-one-way']).map((file) => dirname(file));
    expect(violations('.dependency-cruiser.folders.js')).toEqual({ 'folders-one-way': folders });
  });
});
