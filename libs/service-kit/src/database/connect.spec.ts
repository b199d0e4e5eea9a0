import { afterEach, expect, test } from '@jest/globals';
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { connect } from './connect.js';
import { freePort } from '@signet/dev-postgres';

const target = new URL(process.env['TEST_DATABASE_URL'] ?? '');
const silent = { patienceMs: 0, log: () => undefined };

let door: Server | undefined;
const guests = new Set<Socket>();

afterEach(() => {
  door?.close();
  door = undefined;
  for (const socket of guests) socket.destroy();
});

/** Makes the test server appear at another port, as a container does that comes up late. */
function openDoor(port: number): void {
  door = createServer((socket) => {
    const inside = connectSocket(Number(target.port || 5432), target.hostname);
    for (const one of [socket, inside]) guests.add(one.on('error', () => undefined));
    socket.pipe(inside).pipe(socket);
  }).listen(port, '127.0.0.1');
}

function at(port: number): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

test('a server that comes up later is waited for, with one word about it', async () => {
  const port = await freePort();
  const lines: string[] = [];
  const log = (line: string): void => {
    lines.push(line);
    openDoor(port);
  };
  const client = await connect({ connectionString: at(port) }, { patienceMs: 30_000, log });
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await client.end();
  expect(lines).toEqual([
    expect.stringMatching(/^Waiting for PostgreSQL at 127\.0\.0\.1:\d+, .*ECONNREFUSED/),
  ]);
});

test('a server that stays away is a failure which names it, and not the password', async () => {
  const url = `postgres://someone:hunter2@127.0.0.1:${await freePort()}/shop`;
  const failure = connect({ connectionString: url }, { patienceMs: 600, log: () => undefined });
  await expect(failure).rejects.toThrow(/PostgreSQL at 127\.0\.0\.1:\d+, database "shop" cannot be reached/);
  await expect(failure).rejects.not.toThrow('hunter2');
});

test('a wrong password fails at once, for waiting does not mend it', async () => {
  const url = new URL(target);
  url.password = 'hunter2';
  const log = (line: string): never => {
    throw new Error(`waited: ${line}`);
  };
  const failure = connect({ connectionString: url.href }, { patienceMs: 600_000, log });
  await expect(failure).rejects.toThrow('password authentication failed');
});

test('what is no URL is refused without being repeated', async () => {
  const failure = connect({ connectionString: 'postgres://someone:hunter2@host:port/shop' }, silent);
  await expect(failure).rejects.toThrow('DATABASE_URL is not a PostgreSQL URL');
  await expect(failure).rejects.not.toHaveProperty('cause');
});
