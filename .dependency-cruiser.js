/** The rules of who may import whom (docs/architecture.md): boundaries that a build checks do not wear off. */
/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'apps-are-separate',
      comment: 'An app is built and deployed alone: it never imports another.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-are-below-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|test|bench|scripts)/' },
    },
    {
      name: 'libs-are-separate',
      comment: 'jwt-shared works in a service that does not use our kit, and the kit knows no tokens.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '^libs/service-kit/' },
      to: { path: '^libs/', pathNot: '^libs/$1/' },
    },
    {
      name: 'kit-knows-no-tokens',
      comment:
        'The kit has the embedded database of development beside it, and loads it only where it is wanted. ' +
        'One file reads settings by the rules of jwt-shared, which must have its own and be no other.',
      severity: 'error',
      from: { path: '^libs/service-kit/', pathNot: '/config/environment-of\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(service-kit|dev-postgres)/' },
    },
    {
      name: 'one-door-a-library',
      comment: 'A library is imported by its package name, never by a path into it.',
      severity: 'error',
      from: { path: '^(apps|test|bench)/' },
      to: {
        path: '^libs/',
        pathNot: '^libs/[^/]+/src/((testing/)?(index|typescript-imports)|drizzle)\\.ts$',
      },
    },
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec\\.ts$|/testing/|drizzle\\.config\\.ts$)' },
      to: { path: '^libs/[^/]+/src/testing/' },
    },
    {
      name: 'jwt-shared-needs-no-database',
      severity: 'error',
      from: { path: '^libs/jwt-shared/' },
      to: { path: 'node_modules/(pg|drizzle-orm|@node-rs)/' },
    },
    {
      name: 'business-has-no-credentials',
      severity: 'error',
      from: { path: '^apps/business/' },
      to: { path: 'node_modules/(@node-rs/argon2|@nestjs/jwt|jsonwebtoken)/' },
    },
    {
      name: 'packages-list-what-they-import',
      comment: 'What an app or a library runs on is among the dependencies of its own package.json.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: '(\\.spec\\.ts$|/testing/|/spec-support/|(drizzle|vite)\\.config\\.ts$)',
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
    },
    {
      name: 'the-root-lists-tools',
      comment: 'Tests, scripts and benchmarks import what the root package.json lists.',
      severity: 'error',
      from: { path: '^(test|bench|scripts)/' },
      to: { path: 'node_modules/', dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-lost-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    exclude: { path: '^libs/[^/]+/dist/' },
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@signet/source', 'import', 'node', 'default', 'types'],
    },
  },
};
