import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

type Ranges = Readonly<Record<string, string>>;
interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
}

const IMPORTED = /(?:from|import\()\s*'(@signet\/[a-z-]+)/g;
const read = (file: string) => readFileSync(file, 'utf8');
const packages = globSync('{.,{apps,libs}/*}/package.json').map((file) => ({
  folder: dirname(file),
  manifest: JSON.parse(read(file)) as Manifest,
}));

/** What packages of registries an app or a library imports is checked by `npm run lint:deps`. */
describe('the packages of the workspace', () => {
  it('list the libraries of the workspace that they import', () => {
    const missing = packages
      .filter(({ folder }) => folder !== '.')
      .flatMap(({ folder, manifest: { name, dependencies = {} } }) => {
        const sources = globSync(`${folder}/src/**/*.{ts,tsx}`, {
          exclude: (path) => /spec|testing/.test(path),
        });
        const imported = new Set(
          sources.flatMap((file) => Array.from(read(file).matchAll(IMPORTED), ([, of]) => of!)),
        );
        return [...imported]
          .filter((of) => of !== name && !(of in dependencies))
          .map((of) => `${name}: ${of}`);
      });
    expect(missing).toEqual([]);
  });

  it('ask for one version of each package, but for what is published', () => {
    const ranges = new Map<string, Set<string>>();
    for (const { manifest } of packages.filter((each) => each.manifest.private)) {
      for (const [of, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
        ranges.set(of, (ranges.get(of) ?? new Set()).add(range));
    }
    expect(ranges.size).toBeGreaterThan(50);
    expect([...ranges].filter(([, { size }]) => size > 1)).toEqual([]);
  });
});
