import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './services.ts';

/** A library of the workspace that is published. */
export interface Library {
  /** As users import it. */
  readonly name: string;
  readonly version: string;
  /** Below {@link ROOT}. */
  readonly folder: string;
  readonly doors: readonly Door[];
}

/** A subpath that users import code from. */
export interface Door {
  /** `.`, `./testing` */
  readonly path: string;
  /** The built declarations, below the library's folder. */
  readonly types: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Every library whose package.json is not private: a new one joins by its package.json alone. */
export function publishedLibraries(): Library[] {
  return globSync('libs/*/package.json', { cwd: ROOT })
    .toSorted()
    .map((file) => ({ file, manifest: JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ file, manifest: { name, version, exports } }) => ({
      name,
      version,
      folder: dirname(file),
      doors: Object.entries(exports).flatMap(([path, door]) =>
        typeof door === 'object' && door['types'] !== undefined ? [{ path, types: door['types'] }] : [],
      ),
    }));
}

/** The file that `npm pack` writes: `signet-jwt-shared-0.1.0.tgz`. */
export function packedFile({ name, version }: Library): string {
  return join(ROOT, 'dist/packages', `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}
