import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppOptions } from './app.factory.js';

const ROOT = join(import.meta.dirname, '../../../..');
const PLACES = ['/nest-cli.json', '/Dockerfile', '/docker-compose.yml', '/package-lock.json'];

type Manifest = Readonly<{ name: string; dependencies: Readonly<Record<string, string>> }>;
const kit = JSON.parse(readFileSync(join(ROOT, 'libs/service-kit/package.json'), 'utf8')) as Manifest;
const ORM = kit.dependencies['drizzle-orm'];

describe('nest generate app', () => {
  const runner = new SchematicTestRunner('@signet/schematics', join(ROOT, 'libs/schematics/collection.json'));
  let workspace: UnitTestTree;
  beforeEach(() => {
    const tree = new HostTree();
    for (const path of [...PLACES, '/libs/service-kit/package.json'])
      tree.create(path, readFileSync(join(ROOT, path)));
    workspace = new UnitTestTree(tree);
  });

  const generate = (options: AppOptions) => runner.runSchematic('app', options, workspace);
  const contents = (tree: UnitTestTree) => tree.files.map((path) => [path, tree.readText(path)]);

  it('adds the service to every place that lists services, and changes nothing else in them', async () => {
    const before = new Map(PLACES.map((path) => [path, workspace.readText(path)]));
    const tree = await generate({ name: 'stock-keeping', port: 3999 });
    for (const path of PLACES) {
      const added = new Set(tree.readText(path).split('\n'));
      expect(
        before
          .get(path)!
          .split('\n')
          .filter((line) => !added.has(line)),
      ).toEqual([]);
    }
    const { projects } = JSON.parse(tree.readText('/nest-cli.json')) as { projects: Record<string, object> };
    expect(projects['stock-keeping']).toMatchObject({ type: 'application', root: 'apps/stock-keeping' });
    expect(tree.readText('/Dockerfile')).toContain(
      'FROM runtime AS stock-keeping\nENV PORT=3999\nEXPOSE 3999\n',
    );
    const place = '@stock-keeping-db:5432/stock_keeping';
    for (const [variable, role, secret] of [
      ['DATABASE_URL', 'stock_keeping_service', 'STOCK_KEEPING_DB_SERVICE_PASSWORD'],
      ['DATABASE_MIGRATION_URL', 'stock_keeping', 'STOCK_KEEPING_DB_PASSWORD'],
    ])
      expect(tree.readText('/docker-compose.yml')).toContain(
        `      ${variable}: postgres://${role}:\${${secret}:?docs/deploy.md shows how to make it}${place}\n`,
      );
    expect(tree.readText('/apps/stock-keeping/src/config/stock-keeping.environment.ts')).toContain(
      'PORT = 3999',
    );
  });

  it('gives the service an identity at auth, so that it can call others without a question', async () => {
    const tree = await generate({ name: 'stock-keeping' });
    const config = (part: string) => tree.readText(`/apps/stock-keeping/src/config/stock-keeping.${part}.ts`);
    expect(config('config')).toMatch(/developmentDefaults\('stock-keeping', \[.*'CLIENT_SECRET'\]\)/);
    expect(config('environment')).toContain('  ClientEnvironment,\n');
  });

  it('lists what the service imports, in the versions of the workspace, and npm ci finds that in the lockfile', async () => {
    const tree = await generate({ name: 'billing' });
    const { name, dependencies } = JSON.parse(tree.readText('/apps/billing/package.json')) as Manifest;
    expect(name).toBe('@signet/billing');
    expect(dependencies).toMatchObject({ '@signet/jwt-shared': '*', 'drizzle-orm': ORM });
    const { packages } = JSON.parse(tree.readText('/package-lock.json')) as { packages: object };
    expect(packages).toMatchObject({
      'apps/billing': { name, version: '0.1.0', license: 'MIT', dependencies },
      'node_modules/@signet/billing': { resolved: 'apps/billing', link: true },
    });
  });

  it('takes the port after the highest', async () => {
    workspace = await generate({ name: 'one', port: 4000 });
    const tree = await generate({ name: 'two' });
    expect(tree.readText('/Dockerfile')).toContain('FROM runtime AS two\nENV PORT=4001\n');
  });

  it.each<[string, AppOptions]>([
    ['is not a valid name', { name: 'x' }],
    ['is not a valid name', { name: 'Billing' }],
    ['is not a valid name', { name: '../billing' }],
    ['is not a valid name', { name: 'billing/api' }],
    ['is not a valid name', { name: '7seas' }],
    ['is not a valid name', { name: 'bill--ing' }],
    ['is not a valid name', { name: 'billing-' }],
    ['is not a valid name', { name: 'bill_ing' }],
    ['is not a valid name', { name: '$(id)' }],
    ['is not a valid name', { name: 'x'.repeat(31) }],
    ['nest-cli.json has it', { name: 'auth' }],
    ['nest-cli.json has it', { name: 'jwt-shared' }],
    ['it is reserved', { name: 'runtime' }],
    ['it is reserved', { name: 'service' }],
    ['it is reserved', { name: 'template1' }],
    ['it is reserved', { name: 'scratch' }],
    ['it is reserved', { name: 'con' }],
    ['is not a valid name', { name: 'rechnungén' }],
    ['is not a valid name', { name: '-billing' }],
    ['is not a valid name', { name: 'node_modules' }],
    ['docker-compose.yml has it', { name: 'auth-db' }],
    ['port 3000 is taken', { name: 'billing', port: 3000 }],
    ['must be <= 65535', { name: 'billing', port: 65_536 }],
    ['must be >= 1', { name: 'billing', port: 0 }],
    ['must be integer', { name: 'billing', port: 3000.5 }],
  ])('refuses, as it %s, %j and changes nothing', async (reason, options) => {
    const before = contents(workspace);
    await expect(generate(options)).rejects.toThrow(reason);
    expect(contents(workspace)).toEqual(before);
  });

  it('refuses a name whose folders exist', async () => {
    workspace.create('/test/billing/old.e2e-spec.ts', '');
    await expect(generate({ name: 'billing' })).rejects.toThrow('test/billing exists');
  });
});
