import '../libs/service-kit/src/testing/typescript-imports.ts';
import base from '../jest.config.js';
const p = base.projects[0];
const q = { ...p, rootDir: '/work/main', testMatch: ['<rootDir>/libs/service-kit/src/{database,testing}/**/*.spec.ts'], globalSetup: '<rootDir>/test/support/postgres-setup.ts', globalTeardown: '<rootDir>/test/support/postgres-teardown.ts' };
export default { rootDir:'/work/main', projects: [q] };
