import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type App } from './services.ts';

/** What an image takes over of `node_modules`: what the built files leave outside. */
const PACKAGES: Readonly<Record<App, readonly string[]>> = {
  auth: ['swagger-ui-dist', '@node-rs'],
  business: ['swagger-ui-dist'],
};
/** What the Dockerfile takes out of that, and of the built files. */
const LEFT_OUT =
  /\.map$|\/dev-postgres\.|_snapshot\.json$|swagger-ui-dist\/(.*es-bundle|.*-preset\.js$|swagger-ui\.js$|log\.)/;

/** A file of an image: where it is now, and where it is below the image's folder. */
export interface ImageFile {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

/** All that an image holds beyond Node, as the Dockerfile copies it from a workspace that is built. */
export function imageFiles(app: App): ImageFile[] {
  const built = join('dist/apps', app);
  const patterns = [
    `${built}/**/*`,
    ...PACKAGES[app].map((name) => `node_modules/${name}/**/*`),
    'package.json',
  ];
  return globSync(patterns, { cwd: ROOT })
    .filter((file) => !LEFT_OUT.test(file))
    .map((file) => ({ file, stats: statSync(join(ROOT, file)) }))
    .filter(({ stats }) => stats.isFile())
    .map(({ file, stats: { size: bytes } }) => ({
      from: join(ROOT, file),
      to: file.startsWith(built) ? file.slice(built.length + 1) : file,
      bytes,
    }));
}
