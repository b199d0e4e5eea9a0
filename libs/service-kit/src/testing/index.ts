export { createTestDatabase } from './test-database.js';
export type { TestDatabase, TestDatabaseOptions } from './test-database.js';
export { startTestServer, stopTestServer } from './test-server.js';
