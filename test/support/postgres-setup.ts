/** Jest's global setup: one PostgreSQL server for the run. Several projects may name it; the first starts it. */
export { startTestServer as default } from '@signet/service-kit/testing';
