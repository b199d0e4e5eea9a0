/**
 * `npm run generate:service <name> [-- --port N]`: a new service of the workspace, by the schematic in `libs/schematics`,
 * which `nest generate app <name>` runs too. Nothing is written unless all of it can be.
 */
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import { parseArgs } from 'node:util';
import { ROOT } from './services.ts';

const USAGE = 'Usage: npm run generate:service <name> [-- --port N]';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { port: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [name, ...others] = positionals;
  const { port, help, ...unknown } = values;
  if (help) process.stdout.write(`${USAGE}\n`);
  else if (name === undefined || others.length > 0 || Object.keys(unknown).length > 0) throw new Error(USAGE);
  else if (port !== undefined && !/^\d+$/.test(String(port))) throw new Error(`"${port}" is not a port.`);
  else await generate(name, port === undefined ? {} : { port: Number(port) });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function generate(name: string, options: { readonly port?: number }): Promise<void> {
  const workflow = new NodeWorkflow(ROOT, { resolvePaths: [ROOT] });
  workflow.reporter.subscribe((event) => {
    if (event.kind === 'create' || event.kind === 'update') {
      process.stdout.write(`${event.kind.padEnd(6)} ${event.path.replace(/^\//, '')}\n`);
    }
  });
  const run = workflow.execute({
    collection: '@signet/schematics',
    schematic: 'app',
    options: { name, ...options },
  });
  await new Promise<void>((resolve, reject) => run.subscribe({ complete: resolve, error: reject }));
  process.stdout.write(
    `\nnpm run start:dev starts it, npm test -- ${name} tests it; docs/new-service.md tells the rest.\n`,
  );
}
