/** Lets plain `node` run a service of the tests from its sources: SWC compiles its decorators, as in Jest and in the builds. */
import '../../libs/service-kit/src/testing/typescript-imports.ts';
import { transformSync } from '@swc/core';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { SWC_OPTIONS } from './swc-options.ts';

registerHooks({
  load(url, context, next) {
    if (!/^file:.*\.ts$/.test(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const source = readFileSync(filename, 'utf8');
    const { code } = transformSync(source, { ...SWC_OPTIONS, filename, swcrc: false });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
