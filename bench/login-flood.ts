/** The flood of `overload.ts`: logs in from many clients at once until it is told to end; then tells how many answers had which status. */
import { setTimeout as delay } from 'node:timers/promises';

/** What `Retry-After` asks for; clients that have been refused together do not come back together. */
const PAUSE_MS = 2_000;

const [url = '', body = '', clients = '0'] = process.argv.slice(2);
const ended = new AbortController();
const counts: Record<number, number> = {};
process.once('message', () => ended.abort());
await Promise.all(Array.from({ length: Number(clients) }, () => flood()));
process.send?.(counts, () => process.exit(0));

async function flood(): Promise<void> {
  const pause = (ms: number) => delay(ms, undefined, { signal: ended.signal }).catch(() => undefined);
  await pause(Math.random() * PAUSE_MS);
  while (!ended.signal.aborted) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await answer.arrayBuffer();
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    if (answer.status === 503) await pause(PAUSE_MS * (1 + Math.random()));
  }
}
