/** `npm run size:check`: what a browser downloads stays small, minified and gzipped. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { ROOT } from './services.ts';

const KB = 1024;

const client = await build({
  configFile: false,
  logLevel: 'warn',
  root: join(ROOT, 'libs/browser-client'),
  build: { write: false, target: 'es2022', lib: { entry: 'src/index.ts', formats: ['es'] } },
});
report('@signet/browser-client', sizeOf([client].flat() as Rolldown.RolldownOutput[]), 4 * KB);

const pages = await build({
  configFile: join(ROOT, 'apps/web/vite.config.ts'),
  logLevel: 'warn',
  build: { write: false },
});
// With the texts of every language, although a visitor loads one.
report('the pages, first visit', sizeOf([pages].flat() as Rolldown.RolldownOutput[]), 40 * KB);

function sizeOf(outputs: readonly Rolldown.RolldownOutput[]): number {
  const files = outputs.flatMap(({ output }) => output);
  return files.reduce(
    (sum, file) => sum + gzipSync(file.type === 'chunk' ? file.code : file.source).length,
    0,
  );
}

function report(name: string, bytes: number, limit: number): void {
  const isFine = bytes < limit;
  if (!isFine) process.exitCode = 1;
  process.stdout.write(
    `${isFine ? 'ok  ' : 'FAIL'} ${name}: ${bytes} bytes gzipped, fewer than ${limit} allowed\n`,
  );
}
