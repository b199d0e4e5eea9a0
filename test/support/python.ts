import { spawnSync } from 'node:child_process';

/**
 * A Python that has these modules; undefined, and a word on standard error, where there is none: nothing but npm's
 * packages has to be installed for the tests.
 *
 * @param packages Debian's names, for that word
 */
export function pythonWith(modules: string, packages: string): string | undefined {
  const found = ['/usr/bin/python3', 'python3'].find(
    (python) => spawnSync(python, ['-c', `import ${modules}`]).status === 0,
  );
  if (!found)
    process.stderr.write(`some tests are left out: no Python has ${modules} (Debian: ${packages})\n`);
  return found;
}
