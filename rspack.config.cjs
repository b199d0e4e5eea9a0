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
    // `import.meta` is about the running file, not about the source on the machine that built it.
    module: { ...defaults.module, parser: { 'javascript/esm': { importMeta: false } } },
  };
};
