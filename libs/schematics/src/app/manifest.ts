/** What a generated service imports of other packages, and what those want beside them. */
const DEPENDENCIES = [
  '@nestjs/common',
  '@nestjs/config',
  '@nestjs/core',
  '@nestjs/mapped-types',
  '@nestjs/platform-fastify',
  '@nestjs/swagger',
  'class-transformer',
  'class-validator',
  'drizzle-orm',
  'reflect-metadata',
  'rxjs',
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private: true;
  readonly license: string;
  readonly type: 'module';
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The package.json of a service.
 *
 * @param kit that of the service kit, which says in which versions the workspace has what they both use
 */
export function manifestOf(name: string, kit: string): Manifest {
  const { dependencies } = JSON.parse(kit) as Pick<Manifest, 'dependencies'>;
  const versions = DEPENDENCIES.map((dependency) => [dependency, dependencies[dependency] ?? '*'] as const);
  const own = ['@signet/jwt-shared', '@signet/service-kit'].map((library) => [library, '*'] as const);
  return {
    name: `@signet/${name}`,
    version: '0.1.0',
    private: true,
    license: 'MIT',
    type: 'module',
    dependencies: Object.fromEntries([...versions, ...own].toSorted(([a], [b]) => a.localeCompare(b, 'en'))),
  };
}

/** A lockfile that has the package of a folder as npm writes it, so that `npm ci` takes it. */
export function withPackage(lockfile: string, folder: string, manifest: Manifest): string {
  const { packages, ...lock } = JSON.parse(lockfile) as { packages: Record<string, object> };
  const { name, version, license, dependencies } = manifest;
  const entries = Object.entries({
    ...packages,
    [folder]: { name, version, license, dependencies },
    [`node_modules/${name}`]: { resolved: folder, link: true },
  });
  const sorted = Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  return `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`;
}
