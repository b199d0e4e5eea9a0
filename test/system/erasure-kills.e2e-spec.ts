import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ErasureRun } from '../support/erasure-run.js';

/** `ERASURES=500 npm test -- erasure-kills` is the long run; CI affords 60. */
const COUNT = Number(process.env['ERASURES'] ?? 60);

describe('deletions while auth, business and PostgreSQL are killed', () => {
  let run: ErasureRun | undefined;
  beforeAll(async () => {
    run = await ErasureRun.prepare();
  }, 240_000);
  afterAll(() => run?.end());

  it(
    'erase every task of those who left, once, leave every receipt, and nothing else is lost',
    async () => {
      const outcome = await run!.execute(COUNT, 10);
      expect(outcome).toMatchObject({
        tasksLeft: 0,
        tasksKept: outcome.expectedKept,
        confirmed: COUNT,
        receipts: COUNT,
        effects: Array(COUNT).fill(1),
      });
      for (const kills of Object.values(outcome.kills)) expect(kills).toBeGreaterThan(0);
    },
    900_000 + COUNT * 3_000,
  );
});
