import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type App } from '../../scripts/services.ts';

/** What the Dockerfile takes out of the OpenAPI page. */
const LEFT_OUT = /\.map$|es-bundle|swagger-ui\.js$|\/log\./;
const PACKAGES: Readonly<Record<App, readonly string[]>> = {
  auth: ['swagger-ui-dist', '@node-rs'],
  business: ['swagger-ui-dist'],
};

/** Bytes of what an image has beyond its Node: the files that the Dockerfile copies into it. */
export function layerBytes(app: App): number {
  const patterns = [`dist/apps/${app}/**/*`, ...PACKAGES[app].map((name) => `node_modules/${name}/**/*`)];
  return globSync(patterns, { cwd: ROOT })
    .filter((file) => !LEFT_OUT.test(file))
    .map((file) => statSync(join(ROOT, file)))
    .filter((stats) => stats.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}
