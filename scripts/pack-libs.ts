/** `npm run pack:libs`: every published library, built and packed as npm would publish it, into `dist/packages`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packedFile, publishedLibraries } from './libraries.ts';
import { ROOT } from './services.ts';

for (const library of publishedLibraries()) {
  const file = packedFile(library);
  mkdirSync(dirname(file), { recursive: true });
  // What an earlier build has left would be packed too.
  rmSync(join(ROOT, library.folder, 'dist'), { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', join(library.folder, 'tsconfig.lib.json')]);
  run('npm', ['pack', '--silent', '--workspace', library.folder, '--pack-destination', dirname(file)]);
  process.stdout.write(`${relative(ROOT, file)}\n`);
}

function run(command: string, args: string[]): void {
  const { status, stdout } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return;
  process.stderr.write(stdout);
  throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
