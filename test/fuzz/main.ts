/** `npm run fuzz`: every route of both built services, with requests that are valid, nearly valid and hostile. */
import * as fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { stopTestServer } from '@signet/service-kit/testing';
import { Attack } from './attack.ts';
import { closeConnections } from './client.ts';
import { requestsOf, type FuzzRequest } from './requests.ts';
import { routesOf, type AppRoute } from './routes.ts';
import { deploy, undeploy, type Deployment } from '../support/deployment.ts';
import setUp from '../support/e2e-setup.ts';
import { APPS } from '../support/service.ts';

const HELP = `Sends random requests to every route that auth and business describe in /docs-json, each on a fresh embedded
PostgreSQL. Never may there be a 5xx (but a 503 with Retry-After), a wait of more than 5 seconds, an error that is not
application/problem+json, a word of a stack, SQL or library, or anything but 401 without a token where one is asked for.

  npm run fuzz [-- --seconds 20] [-- --seed N]

  --seconds N  how long to send; 20 unless told
  --seed N     the same requests again as those of a run that printed this seed

Exit code 1: something was wrong; the request and the seed are printed.
`;
const BATCH = 4;

const { seconds, seed } = options();
const say = (line: string): void => void process.stderr.write(`${line}\n`);

await setUp();
say('starting auth and business …');
const deployment = await deploy();
try {
  process.exitCode = (await fuzz(deployment)) ? 0 : 1;
} finally {
  closeConnections();
  await undeploy(deployment);
  await stopTestServer();
}

async function fuzz({ auth, business }: Deployment): Promise<boolean> {
  const urls = { auth: auth.url, business: business.url };
  const routes: AppRoute[] = [];
  for (const app of APPS) {
    for (const route of await routesOf(urls[app])) routes.push({ ...route, app });
  }
  const attack = await Attack.begin(urls, routes);
  say(`${routes.length} routes, ${seconds} s, seed ${seed}`);
  const started = performance.now();
  const progress = setInterval(() => {
    say(`${Math.round((performance.now() - started) / 1000)} s: ${attack.requests} requests`);
  }, 5_000);
  const batches = fc.array(requestsOf(routes), { minLength: 1, maxLength: BATCH });
  const result = await fc.check(
    fc.asyncProperty(batches, (batch) => attack.sendAll(batch)),
    {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    },
  );
  clearInterval(progress);
  report(attack);
  if (result.failed) {
    const requests: readonly FuzzRequest[] = result.counterexample?.[0] ?? [];
    const fault = result.errorInstance instanceof Error ? result.errorInstance.message : 'an unknown fault';
    for (const app of APPS) say(faultsIn(deployment[app].output()));
    say(
      `\n${fault}\nThe request:\n${JSON.stringify(requests, shortened, 2)}\nAgain: npm run fuzz -- --seed ${seed}`,
    );
    return false;
  }
  const missed = routes.filter(({ app, method, path }) => !attack.answers.has(`${app}: ${method} ${path}`));
  if (missed.length > 0) {
    say(`too short: nothing was sent to ${missed.map(({ method, path }) => `${method} ${path}`).join(', ')}`);
    return false;
  }
  await attack.checkHealth();
  say(`fuzz: ${attack.requests} requests of ${routes.length} routes, nothing wrong (seed ${seed})`);
  return true;
}

function report({ answers }: Attack): void {
  for (const [route, counts] of [...answers].toSorted(([one], [other]) => one.localeCompare(other))) {
    const statuses = [...counts]
      .toSorted(([one], [other]) => one - other)
      .map(([status, count]) => `${status}×${count}`);
    say(`  ${route.padEnd(52)} ${statuses.join(' ')}`);
  }
}

/** What a service has logged that is not in the order of things. */
function faultsIn(output: string): string {
  const lines = output.split('\n').filter((line) => !line.includes('"level":30'));
  return lines.slice(-5).join('\n');
}

function shortened(_name: string, value: unknown): unknown {
  const isLong = typeof value === 'string' && value.length > 1_000;
  return isLong ? `${value.slice(0, 200)} … (${value.length} characters)` : value;
}

function options(): { readonly seconds: number; readonly seed: number } {
  try {
    const { values } = parseArgs({
      options: { seconds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    return {
      seconds: wholeNumber('seconds', values.seconds ?? '20'),
      seed: wholeNumber('seed', values.seed ?? String(randomInt(2 ** 31))),
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}
