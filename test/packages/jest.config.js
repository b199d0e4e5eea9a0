// Apps in folders of their own that install the packed libraries: slower than the other tests, and so apart from them.
import base from '../../jest.config.js';

const [, endToEnd] = base.projects;

/** @type {import('jest').Config} */
export default {
  ...endToEnd,
  displayName: 'packages',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/packages/**/*.packages-spec.ts'],
  globalSetup: '<rootDir>/test/packages/set-up.ts',
  testTimeout: 180_000,
};
