/**
 * `npm run check:libs`, after `npm run pack:libs`: packages are checked as their users will resolve them, and the
 * public surface of each is compared with the report in `libs/<library>/api`, so that a change of it is seen in a
 * review. `npm run check:libs -- --update` writes the reports.
 */
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packedFile, publishedLibraries, type Door, type Library } from './libraries.ts';
import { ROOT } from './services.ts';

const isUpdate = process.argv.includes('--update');
const faults = publishedLibraries().flatMap((library) => faultsOf(library));
process.stdout.write(
  faults.length === 0 ? 'the packages are as their users need them\n' : `${faults.join('\n')}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

function faultsOf(library: Library): string[] {
  const file = packedFile(library);
  // The packages are ES modules, which Node 22.12 and later load from CommonJS too.
  const types = [
    'node_modules/@arethetypeswrong/cli/dist/index.js',
    '--ignore-rules=cjs-resolves-to-esm',
    file,
  ];
  const surfaces = library.doors.flatMap((door) => compareSurface(library, door));
  return lint(library, ['node_modules/publint/src/cli.js', '--strict', file]).concat(
    lint(library, types),
    surfaces,
  );
}

function lint({ name }: Library, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? [] : [`${name}: ${args[0]}\n${stdout}${stderr}`];
}

function compareSurface({ name, folder }: Library, { path, types }: Door): string[] {
  const report = `${path === '.' ? 'index' : path.slice(2)}.api.md`;
  const reportFolder = join(ROOT, folder, 'api');
  mkdirSync(reportFolder, { recursive: true });
  const result = Extractor.invoke(
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(ROOT, folder, 'package.json'),
      configObject: {
        projectFolder: join(ROOT, folder),
        mainEntryPointFilePath: join(ROOT, folder, types),
        compiler: { tsconfigFilePath: join(ROOT, folder, 'tsconfig.lib.json') },
        apiReport: {
          enabled: true,
          reportFileName: report,
          reportFolder,
          reportTempFolder: join(ROOT, 'dist/api'),
        },
        newlineKind: 'lf',
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    }),
    { localBuild: isUpdate, messageCallback: (message) => (message.handled = true) },
  );
  if (isUpdate || !result.apiReportChanged) return [];
  return [
    `${name}: the public surface differs from ${folder}/api/${report}; if it should, run npm run check:libs -- --update`,
  ];
}
