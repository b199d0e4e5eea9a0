/**
 * Nest's own defaults, with the compiler set as in `tsconfig.json` and `jest.config.js`: what passes in Jest
 * must behave the same in the built output.
 * @param {import('@rspack/core').Configuration} defaults
 */
module.exports = (defaults) => {
  for (const { use } of defaults.module.rules) {
    const { jsc } = use[0].options;
    jsc.target = 'es2024';
    jsc.keepClassNames = true;
    jsc.transform.useDefineForClassFields = false;
  }
  return {
    ...defaults,
    // `import.meta.dirname` is the folder of the running file, not of the source that it was built from, and
    // `import()` loads a package that may be absent, so both are left to Node.
    module: { ...defaults.module, parser: { 'javascript/esm': { importMeta: false, importDynamic: false } } },
  };
};
