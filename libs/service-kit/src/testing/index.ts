export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export { startTestServer, stopTestServer } from './test-server.js';
