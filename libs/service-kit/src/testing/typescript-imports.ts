/**
 * Lets plain `node` load this workspace's TypeScript from its sources: `./x.js` finds `x.ts`, and a library of the
 * workspace its own door (the condition `@signet/source` of its package.json). Node itself strips the types, so
 * what is loaded so must have no decorators.
 *
 * `jest.config.js` imports it, for Jest loads the global setup by Node's own loader; a spec that needs a
 * second process passes it as `node --import`.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@signet/')) {
      return next(specifier, { ...context, conditions: [...context.conditions, '@signet/source'] });
    }
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw error;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
