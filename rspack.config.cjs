const { IgnorePlugin } = require('@rspack/core');
const { builtinModules, createRequire } = require('node:module');
const { basename, dirname, join } = require('node:path');
const LicencesPlugin = require('./rspack.licences.cjs');
const PagesPlugin = require('./rspack.pages.cjs');

/**
 * What stays a package beside the built file: native code, and the files of the OpenAPI page. Everything else is
 * bundled, so that an image holds what the service runs and nothing more.
 */
const PACKAGES = /^(@node-rs|swagger-ui-dist)\//;

/** What Nest and the guard look for where it is installed: servers that no service here is. */
const OTHER_SERVERS = /^@nestjs\/(microservices|platform-express|websockets)(\/|$)/;

/**
 * Without comments but the bundler's own, and in ASCII: V8 keeps the source in memory, in two bytes a character if one
 * of them is beyond Latin-1. Lines and names stay, for stack traces.
 */
const COMPACT = { output: { charset: 'ascii' }, minify: { format: { comments: { regex: 'webpack' } } } };

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
  // Libraries of this workspace are built from their sources, into every app that uses them.
  defaults.resolve.conditionNames = ['@signet/source', '...'];
  // A benchmark runs beside all packages, and compares with some of them.
  if (!/[\\/]apps[\\/]/.test(defaults.entry)) {
    const [packages, builtins] = defaults.externals;
    const outside = (data, callback) =>
      data.request?.startsWith('@signet/') ? callback() : packages(data, callback);
    return { ...defaults, externals: [outside, builtins] };
  }
  for (const { use } of defaults.module.rules) Object.assign(use[0].options.jsc, COMPACT);
  return {
    ...defaults,
    // Files that find each other wherever their folder is put; what is loaded only when it is wanted has a name.
    output: {
      ...defaults.output,
      path: join(__dirname, 'dist', dirname(defaults.output.filename)),
      filename: basename(defaults.output.filename),
      chunkFilename: '[name].js',
    },
    externals: [external],
    // As Node resolves: else some packages would be there twice, and each copy would know half of the decorators.
    resolve: { ...defaults.resolve, mainFields: ['main'] },
    module: {
      // Packages load each other by `createRequire` too; ours look for what is on the machine with it.
      rules: [
        ...defaults.module.rules,
        { include: /node_modules/, parser: { createRequire: true } },
        {
          include: /node_modules/,
          test: /\.[cm]?js$/,
          loader: 'builtin:swc-loader',
          options: { isModule: 'unknown', jsc: { target: 'esnext', ...COMPACT } },
        },
      ],
      // `import.meta` is about the running file, not about the source on the machine that built it.
      parser: { 'javascript/esm': { importMeta: false } },
    },
    plugins: [
      new IgnorePlugin({ checkResource: isOptional }),
      new LicencesPlugin(isAuth(defaults) ? ['preact'] : []),
      ...(isAuth(defaults) ? [new PagesPlugin()] : []),
    ],
  };
};

/** It serves the pages too. */
function isAuth({ entry }) {
  return /[\\/]apps[\\/]auth[\\/]/.test(entry);
}

/** `require` of an ES module namespace is not what a CommonJS package expects of `require('events')`. */
function external({ request = '', dependencyType }, callback) {
  const isBuiltin = request.startsWith('node:') || builtinModules.includes(request);
  if (!isBuiltin && !PACKAGES.test(request) && !OTHER_SERVERS.test(request)) return callback();
  callback(null, `${dependencyType === 'commonjs' ? 'node-commonjs' : 'module'} ${request}`);
}

/** Packages try to load others that may or may not be there; those that are not throw when they are asked for. */
function isOptional(request, context) {
  if (!context.includes('node_modules') || request.startsWith('.')) return false;
  try {
    createRequire(join(context, 'package.json')).resolve(request);
    return false;
  } catch {
    return true;
  }
}
