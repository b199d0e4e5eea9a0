const { globSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');

const SOURCES = ['apps/web/**/*', 'libs/browser-client/src/**/*', 'package-lock.json'];

/** Builds the pages of apps/web beside the built file of auth, whichever command builds that. */
module.exports = class PagesPlugin {
  apply(compiler) {
    const built = join(compiler.options.output.path, 'pages/manifest.json');
    compiler.hooks.afterEmit.tapPromise('pages', async () => {
      const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: __dirname }));
      if (files.every((file) => statSync(join(__dirname, file)).mtimeMs <= builtAt)) return;
      const { build } = await import('vite');
      const { NODE_ENV } = process.env;
      await build({
        configFile: join(__dirname, 'apps/web/vite.config.ts'),
        build: { outDir: dirname(built) },
      });
      // Vite says `production` to the whole process, and `nest start --watch` runs auth from it.
      if (NODE_ENV === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = NODE_ENV;
    });
  }
};
