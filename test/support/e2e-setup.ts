import { buildIfNeeded } from '../../scripts/services.js';
import { startTestServer } from '@signet/service-kit/testing';

/** Global setup of the end-to-end tests: the built services that they start, and the database server they share. */
export default async function setUp(): Promise<void> {
  buildIfNeeded((line) => process.stderr.write(`${line}\n`));
  await startTestServer();
}
