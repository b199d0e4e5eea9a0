import { rspackDefaultsFactory } from '../node_modules/@nestjs/cli/lib/compiler/defaults/rspack-defaults.js';
import { rspack } from '@rspack/core';
const c = rspackDefaultsFactory('/work/main/trial', '.', 'main', false, '/work/main/tsconfig.json', { afterHooks: [], beforeHooks: [], afterDeclarationsHooks: [] }, true, {});
c.output.path = '/work/main/trial/dist';
c.module.parser={javascript:{importMeta:true}};rspack(c, (e, s) => { console.log(e, s?.toString({ colors: false }).slice(-1500)); });
