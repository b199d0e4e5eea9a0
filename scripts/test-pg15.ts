/**
 * `npm run test:pg15`: what the services do most, on the oldest PostgreSQL that they support: Debian's 15
 * (`apt-get install postgresql-15`), on a fresh cluster that goes with this process.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../libs/dev-postgres/src/free-port.ts';
import { ROOT } from './services.ts';

const BIN = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
const SPECS = [
  'test/system/main-job',
  'test/system/revocation\\.',
  'test/auth/refresh',
  'test/auth/sessions\\.',
  'test/auth/import',
  'test/auth/accounts',
  'test/business/',
  'service-kit/src/database/migrations',
];

if (!existsSync(join(BIN, 'initdb'))) {
  process.stderr.write(
    `There is no PostgreSQL in ${BIN}: apt-get install postgresql-15, or set POSTGRES_BIN\n`,
  );
  process.exit(1);
}
/** PostgreSQL refuses to run as root; Debian's package has made the user. */
const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'signet-pg15-'));
const data = join(folder, 'data');
const postgres = (program: string, ...args: string[]): void => {
  const command = [join(BIN, program), ...args];
  const [file = '', ...rest] = isRoot
    ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
    : command;
  execFileSync(file, rest, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
};

if (isRoot) execFileSync('chown', ['postgres:postgres', folder]);
postgres(
  'initdb',
  `--pgdata=${data}`,
  '--username=postgres',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C.UTF-8',
);
const port = await freePort();
const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=300`;
postgres('pg_ctl', 'start', '-w', '-D', data, '-l', join(folder, 'server.log'), '-o', settings);
try {
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status } = spawnSync(process.execPath, [...flags, jest, ...SPECS, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TEST_DATABASE_URL: `postgres://postgres:trusted@127.0.0.1:${port}/postgres` },
  });
  process.exitCode = status ?? 1;
} finally {
  postgres('pg_ctl', 'stop', '-m', 'immediate', '-D', data);
  rmSync(folder, { recursive: true, force: true });
}
