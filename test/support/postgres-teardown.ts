/** Jest's global teardown: ends what `postgres-setup.ts` has started. */
export { stopTestServer as default } from '@signet/service-kit/testing';
