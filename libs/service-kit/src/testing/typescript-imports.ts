/**
 * Lets plain `node` load this workspace's TypeScript from its sources: `./x.js` finds `x.ts`, and `@app/x` a
 * library's door. Node itself strips the types, so what is loaded so must have no decorators.
 *
 * `jest.config.js` imports it, for Jest loads the global setup by Node's own loader; a spec that needs a
 * second process passes it as `node --import`.
 */
import { registerHooks } from 'node:module';

const LIBRARIES = new URL('../../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const [, library, testing] = /^@app\/([a-z-]+)(\/testing)?$/.exec(specifier) ?? [];
    if (library) {
      return { url: new URL(`${library}/src${testing ?? ''}/index.ts`, LIBRARIES).href, shortCircuit: true };
    }
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
