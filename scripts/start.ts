/** `npm start` and `npm run start:dev`: every service of the workspace, until Ctrl-C. */
import { once } from 'node:events';
import { printLog } from './log-lines.ts';
import { buildIfNeeded, endWatching, readyAddress, SERVICES, startBuilt, startWatching } from './services.ts';

const HELP = `Starts every service of nest-cli.json, each on its own embedded PostgreSQL unless DATABASE_URL says otherwise.

  npm start            build what has changed, then run the built services
  npm run start:dev    run from the sources and start again after every change

Settings come from the environment and from apps/<name>/.env; docs/settings.md lists them. Ctrl-C stops all.
`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = args.find((arg) => arg !== '--watch');
if (unknown !== undefined) {
  process.stderr.write(`unknown argument: ${unknown}\n\n${HELP}`);
  process.exit(2);
}

const watch = args.includes('--watch');
try {
  if (!watch) buildIfNeeded((line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}

const addresses = new Map<string, string>();
const services = SERVICES.map((app) => {
  const service = watch ? startWatching(app) : startBuilt(app);
  printLog(app, service.stdout!, (message) => noteReady(app, message));
  printLog(app, service.stderr!, () => {});
  return service;
});

let isStopping = false;
const stop = (signal: NodeJS.Signals) => {
  isStopping = true;
  for (const service of services) {
    if (watch) endWatching(service, signal);
    else service.kill(signal);
  }
};
process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);

const ends = services.map(async (service) => {
  const [code] = (await once(service, 'exit')) as [number | null];
  if (!isStopping) stop('SIGTERM');
  return code;
});
const codes = await Promise.all(ends);
process.exitCode = codes.some((code) => code !== null && code !== 0) ? 1 : 0;

function noteReady(app: string, message: string): void {
  const address = readyAddress(message);
  if (!address || isStopping || addresses.size === SERVICES.length) return;
  addresses.set(app, address);
  if (addresses.size < SERVICES.length) return;
  const lines = [...addresses].map(([name, url]) => `  ${name.padEnd(9)} ${url}   docs: ${url}/docs\n`);
  process.stdout.write(`\nSignet is ready. Ctrl-C stops it.\n${lines.join('')}\n`);
}
