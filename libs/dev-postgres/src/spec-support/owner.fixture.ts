/**
 * A service reduced to its embedded database, for specs that kill it: prints the URL when it is ready, then
 * obeys the lines of its standard input.
 */
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../embedded-postgres.js';

const [dataDir = ''] = process.argv.slice(2);
const log = (message: string): void => void process.stderr.write(`${message}\n`);

const postgres = await startEmbeddedPostgres({ dataDir, database: 'fixture', log });
process.stdout.write(`${postgres.url}\n`);

/** What Ctrl-C finds: a request that still wants an answer. */
process.once('SIGINT', () => {
  void (async () => {
    const client = new Client(postgres.url);
    await client.connect();
    await client.query('INSERT INTO answered VALUES (2)');
    await client.end();
    await postgres.stop();
    process.exit(0);
  })();
});

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'stop') void postgres.stop().then(() => process.exit(0));
  if (line === 'exit') process.exit(1);
  if (line === 'throw') throw new Error('a fault that nobody catches');
});
