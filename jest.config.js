// Jest loads the global setup by Node's own loader, which has to learn how this workspace imports.
import './libs/service-kit/src/testing/typescript-imports.ts';
import { SWC_OPTIONS } from './test/support/swc-options.ts';

const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', SWC_OPTIONS],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Libraries are run from their sources (the `exports` of their package.json); the other two are Jest's own.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', '@signet/source'] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/[^/]+/dist/', '<rootDir>/.data/'],
};

/** @type {import('jest').Config} */
export default {
  // For a machine that is busy; what should be quick is shown by the benchmarks.
  testTimeout: 60_000,
  maxWorkers: '100%',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,scripts,test/fuzz}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/postgres-setup.ts',
      globalTeardown: '<rootDir>/test/support/postgres-teardown.ts',
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/e2e-setup.ts',
      globalTeardown: '<rootDir>/test/support/postgres-teardown.ts',
    },
  ],
};
