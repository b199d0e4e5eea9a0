import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@app/service-kit/testing';
import { databaseOf } from '../support/deployment.js';
import { request } from '../support/http.js';
import { RawSocket } from '../support/raw-socket.js';
import { startService, stopAll, type RunningService } from '../support/service.js';
import { eventually } from '../support/sessions.js';

const CONNECTIONS = 50;

describe.each(['auth', 'business'] as const)(
  '%s, from clients that misbehave on their connections,',
  (app) => {
    let database: TestDatabase;
    let service: RunningService;
    beforeAll(async () => {
      database = await databaseOf(app);
      service = await startService(app, {
        DATABASE_URL: database.url,
        JWT_SECRET: 'c2VhbGVkIHdpdGggYSBzaWduZXQgcmluZyBvZiBnb2xk',
        REQUEST_TIMEOUT_SECONDS: '1',
        MAX_CONNECTIONS: String(CONNECTIONS),
      });
    });
    afterAll(async () => {
      await stopAll();
      await database.drop();
    });

    const open = () => RawSocket.open(service);
    const path = app === 'auth' ? '/auth/login' : '/tasks';
    const isAlive = async () => (await request('GET', `${service.url}/health/live`)).status === 200;
    const head = (more = '') =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}`;

    it.each([
      ['never says a word', ''],
      ['never ends its request line', 'GET /health'],
      ['never ends its header fields', head('X-Slow: ')],
      ['never ends its body', `${head('Content-Length: 100')}\r\n\r\n{"email":`],
      ['never ends its chunks', `${head('Transfer-Encoding: chunked')}\r\n\r\n5\r\n{"ema`],
    ])('cuts off one that %s', async (_case, text) => {
      const client = await open();
      const drip = setInterval(
        () => text && client.isOpen && client.send(text.endsWith('\r\n') ? '' : 'a'),
        200,
      );
      client.send(text);
      await client.closed;
      clearInterval(drip);
      expect(client.received).not.toMatch(/^HTTP\/1\.1 (2|5)/);
      expect(await isAlive()).toBe(true);
    });

    it('answers 431 to header fields that are too large', async () => {
      const client = await open();
      client.send(`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
      expect(client.received).toContain('Content-Type: application/problem+json');
      expect(client.received).toContain('"code":"HEADERS_TOO_LARGE"');
    });

    it('answers 400 to what is not HTTP, and says goodbye', async () => {
      const client = await open();
      client.send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n');
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(client.received).toContain('"code":"MALFORMED_REQUEST"');
    });

    it('answers pipelined requests all, and in their order', async () => {
      const client = await open();
      const ids = Array.from({ length: 200 }, (_, index) => `pipelined-${index}`);
      const line = (id: string, index: number) =>
        `GET ${index % 3 ? '/health/live' : '/health/ready'} HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`;
      client.send(ids.map(line).join(''));
      await client.receives(`pipelined-199\r\n`);
      expect(client.received.match(/pipelined-\d+/g)).toEqual(ids);
      client.close();
    });

    it('closes connections beyond as many as it takes, and serves the others', async () => {
      const first = await open();
      const crowd = await Promise.all(Array.from({ length: CONNECTIONS + 20 }, () => open()));
      await eventually(() => crowd.filter((client) => !client.isOpen).length >= 20);
      first.send('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(await first.receives('"ok"')).toMatch(/^HTTP\/1\.1 200 /);
      for (const client of [first, ...crowd]) client.close();
      await eventually(() => isAlive().catch(() => false));
    });

    it('is rid of those that vanish in the middle of a request', async () => {
      for (let round = 0; round < 5; round++) {
        const crowd = await Promise.all(Array.from({ length: 30 }, () => open()));
        for (const client of crowd) client.send(`${head('Content-Length: 100')}\r\n\r\n{`);
        for (const client of crowd) client.close();
      }
      await eventually(() => isAlive().catch(() => false));
    });
  },
);
