import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFresh } from './fresh-services.ts';
import { APPS, buildIfNeeded, ROOT } from './services.ts';

const folder = join(ROOT, 'dist/openapi');
buildIfNeeded((line) => process.stdout.write(`${line}\n`));
const services = await startFresh();
try {
  mkdirSync(folder, { recursive: true });
  for (const app of APPS) {
    const document: unknown = await (await fetch(`${services.urls[app]}/docs-json`)).json();
    writeFileSync(join(folder, `${app}.json`), JSON.stringify(document, null, 2));
  }
} finally {
  await services.stop();
}
