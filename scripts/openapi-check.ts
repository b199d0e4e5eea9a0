/**
 * `npm run openapi:check`: the OpenAPI documents of the built services are complete. They pass redocly's recommended
 * rules and ours, a program written against generated clients type-checks and runs, and the types of
 * `@signet/browser-client` are those of the document (`-- --write` writes them).
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stopTestServer } from '@signet/service-kit/testing';
import { deploy, undeploy } from '../test/support/deployment.ts';
import setUp from '../test/support/e2e-setup.ts';
import { browserTypes } from './openapi/browser-types.ts';
import { readFacts } from './docs/facts.ts';
import { gapsIn, type OpenApiDocument } from './openapi/rules.ts';
import { APPS, ROOT } from './services.ts';

const folder = join(ROOT, 'dist/openapi');
const program = join(folder, 'client-program.ts');
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** Codes of answers that no route of these services gives: before or beside all of them, or of other services. */
const OF_NO_ROUTE = new Set([
  'FORBIDDEN',
  'HEADERS_TOO_LARGE',
  'ITEM_NOT_FOUND',
  'MALFORMED_URL',
  'NOT_FOUND',
  'REQUEST_REFUSED',
  'REQUEST_TIMEOUT',
  'SERVICE_CALL_DENIED',
  'SERVICE_TOKEN_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
]);

let failures = 0;
let documents = '';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await setUp();
const deployment = await deploy();
try {
  for (const app of APPS) {
    const document = (await (await fetch(`${deployment[app].url}/docs-json`)).json()) as OpenApiDocument;
    documents += JSON.stringify(document);
    const file = join(folder, `${app}.json`);
    writeFileSync(file, JSON.stringify(document, null, 2));
    report(`${app}: complete`, gapsIn(document));
    if (app === 'auth') {
      const areCurrent = browserTypes(document, folder, process.argv.includes('--write'));
      report(
        'types of @signet/browser-client',
        areCurrent ? [] : ['out of date: npm run openapi:check -- --write'],
      );
    }
    run(`${app}: redocly lint`, bin('redocly'), ['lint', file]);
    run(`${app}: client`, bin('openapi-ts'), ['-i', file, '-o', join(folder, app), '--silent']);
  }
  const { errorCodes } = readFacts();
  const undescribed = [...errorCodes].filter(
    (code) => !OF_NO_ROUTE.has(code) && !documents.includes(`"${code}"`),
  );
  report('error codes', undescribed);
  copyFileSync(join(ROOT, 'scripts/openapi/client-program.ts.txt'), program);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG()));
  run('client program: types', bin('tsc'), ['-p', folder]);
  run('client program: runs', process.execPath, [join(folder, 'js/client-program.js')], {
    AUTH_URL: deployment.auth.url,
    BUSINESS_URL: deployment.business.url,
  });
} finally {
  await undeploy(deployment);
  await stopTestServer();
}
process.exitCode = failures === 0 ? 0 : 1;

function TSCONFIG() {
  return {
    extends: '../../tsconfig.json',
    compilerOptions: {
      lib: ['es2024', 'dom', 'dom.iterable'],
      outDir: 'js',
      rootDir: '.',
      noUnusedLocals: false,
      exactOptionalPropertyTypes: false,
    },
    include: ['*.ts', '*/*.ts'],
    exclude: [],
  };
}

function run(
  name: string,
  command: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const env = { ...process.env, ...OFFLINE, ...more };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  report(name, status === 0 ? [] : [stdout, stderr].filter(Boolean));
}

function report(name: string, faults: readonly string[]): void {
  if (faults.length > 0) failures++;
  process.stdout.write(
    `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}\n${faults.map((line) => `${line}\n`).join('')}`,
  );
}
