/** `npm run bench:erasures`: 500 deletions while the processes of auth, business and PostgreSQL are killed. */
import { buildIfNeeded } from '../scripts/services.ts';
import { ErasureRun } from '../test/support/erasure-run.ts';

const DELETIONS = 500;
const STAYING = 50;

buildIfNeeded((line) => process.stderr.write(`${line}\n`));
const run = await ErasureRun.prepare();
try {
  const { effects, ...outcome } = await run.execute(DELETIONS, STAYING);
  const twice = effects.filter((count) => count !== 1).length;
  process.stdout.write(
    `${JSON.stringify({ deletions: DELETIONS, ...outcome, handled: effects.length, twice })}\n`,
  );
  const isWhole =
    outcome.tasksLeft === 0 &&
    outcome.tasksKept === outcome.expectedKept &&
    outcome.confirmed === DELETIONS &&
    outcome.receipts === DELETIONS &&
    effects.length === DELETIONS &&
    twice === 0;
  if (!isWhole) process.exitCode = 1;
} finally {
  await run.end();
}
