import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '../support/http.js';
import { RawSocket } from '../support/raw-socket.js';
import { type RunningService } from '../support/service.js';
import { AuthReplicas, eventually } from '../support/sessions.js';

const CONNECTIONS = 50;
const CHUNKED = 'Transfer-Encoding: chunked';
const NO_CHUNKS = '0\r\n\r\n';

/** What two programs may read in two ways: header fields, and the body that follows. */
const SMUGGLED: readonly (readonly [what: string, fields: string, body: string])[] = [
  ['a length and chunks', `Content-Length: 5\r\n${CHUNKED}`, NO_CHUNKS],
  ['chunks and a length', `${CHUNKED}\r\nContent-Length: 5`, NO_CHUNKS],
  ['two lengths', 'Content-Length: 2\r\nContent-Length: 3', '{}'],
  ['a length twice', 'Content-Length: 2\r\nContent-Length: 2', '{}'],
  ['a list of lengths', 'Content-Length: 2, 2', '{}'],
  ['a length with a sign', 'Content-Length: +2', '{}'],
  ['a negative length', 'Content-Length: -2', '{}'],
  ['a length in hexadecimal', 'Content-Length: 0x2', '{}'],
  ['an empty length', 'Content-Length: ', '{}'],
  ['a length beyond 64 bits', 'Content-Length: 18446744073709551618', '{}'],
  ['a space after a name', 'Content-Length : 2', '{}'],
  ['a coding that is no coding', 'Transfer-Encoding: xchunked', NO_CHUNKS],
  ['the coding identity', 'Transfer-Encoding: identity', '{}'],
  ['chunks that are not last', `${CHUNKED}, identity`, NO_CHUNKS],
  ['chunks that another line takes back', `${CHUNKED}\r\nTransfer-Encoding: identity`, NO_CHUNKS],
  ['chunks in chunks', `${CHUNKED}, chunked`, NO_CHUNKS],
  ['a coding below the chunks', 'Transfer-Encoding: gzip, chunked', NO_CHUNKS],
  ['a coding below the chunks on a line of its own', `Transfer-Encoding: gzip\r\n${CHUNKED}`, NO_CHUNKS],
  ['chunks behind a vertical tab', 'Transfer-Encoding: \x0bchunked', NO_CHUNKS],
  ['chunks in quotes', 'Transfer-Encoding: "chunked"', NO_CHUNKS],
  ['a coding with a space after its name', 'Transfer-Encoding : chunked', NO_CHUNKS],
  ['a line feed alone', 'X-A: 1\nX-B: 2\r\nContent-Length: 0', ''],
  ['a carriage return alone', 'X-A: 1\rX-B: 2\r\nContent-Length: 0', ''],
  ['a folded line', 'X-A: 1\r\n folded\r\nContent-Length: 0', ''],
  ['a folded coding', 'Transfer-Encoding:\r\n chunked', NO_CHUNKS],
  ['NUL', 'X-A: a\0b\r\nContent-Length: 0', ''],
  ['a line without a colon', 'X-A\r\nContent-Length: 0', ''],
  ['a field without a name', ': a\r\nContent-Length: 0', ''],
  ['two hosts', 'Host: y\r\nContent-Length: 0', ''],
  ['a chunk extension that ends in a line feed', CHUNKED, '2;a\n{}\r\n0\r\n\r\n'],
  ['a chunk extension beyond all measure', CHUNKED, `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  ['the size of a chunk with 0x', CHUNKED, '0x2\r\n{}\r\n0\r\n\r\n'],
  ['a negative chunk', CHUNKED, '-2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk of more than 64 bits', CHUNKED, 'fffffffffffffffff2\r\n{}\r\n0\r\n\r\n'],
  ['a space after the size of a chunk', CHUNKED, '2 \r\n{}\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', CHUNKED, '2\r\n{}x\r\n0\r\n\r\n'],
  ['a chunk that ends in a line feed', CHUNKED, '2\r\n{}\n0\r\n\r\n'],
  ['a length after its chunks', CHUNKED, '2\r\n{}\r\n0\r\nContent-Length: 40\r\n\r\n'],
];

describe.each(['auth', 'business'] as const)(
  '%s, from clients that misbehave on their connections,',
  (app) => {
    let replicas: AuthReplicas;
    let service: RunningService;
    beforeAll(async () => {
      replicas = await AuthReplicas.prepare();
      service = await replicas.startService(app, {
        REQUEST_TIMEOUT_SECONDS: '1',
        MAX_CONNECTIONS: String(CONNECTIONS),
      });
    });
    afterAll(() => replicas.end());

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

    it('answers a HEAD that is not HTTP without a body', async () => {
      const client = await open();
      client.send('HEAD /\xff HTTP/1.1\r\nHost: x\r\n\r\n');
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^{]*\r\n\r\n$/);
    });

    it.each(SMUGGLED)('refuses a request with %s, and all that comes after it', async (_case, text, end) => {
      const client = await open();
      client.send(`${head(`${text}\r\n`)}\r\n${end}GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(client.received).toMatch(/\r\ncontent-type: application\/problem\+json/i);
      expect(client.received).toContain('"code":"MALFORMED_REQUEST"');
      expect(client.received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    });

    it.each([
      ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
      ['another version', 'GET /health/live HTTP/1.2\r\nHost: x\r\n\r\n'],
      ['line feeds alone', 'GET /health/live HTTP/1.1\nHost: x\n\n'],
      ['a line before its header fields', 'GET /health/live HTTP/1.1\r\n X: a\r\nHost: x\r\n\r\n'],
      ['chunks, in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
      ['no version', 'GET /health/live\r\n'],
    ])('refuses a request with %s', async (_case, text) => {
      const client = await open();
      client.send(`${text}GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
      await client.closed;
      expect(client.received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(client.received).toContain('"code":"MALFORMED_REQUEST"');
      expect(client.received.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    });

    it.each([
      ['chunk extensions', 'Transfer-Encoding: chunked\r\n', '2;a=b;c="d"\r\n{}\r\n0\r\n\r\n'],
      ['chunked in capitals', 'Transfer-Encoding: CHUNKED\r\n', '2\r\n{}\r\n0\r\n\r\n'],
      ['a whole request for a body', 'Content-Length: 36\r\n', 'GET /metrics HTTP/1.1\r\nHost: y\r\n\r\n{}'],
    ])('finds the end of a request with %s', async (_case, text, body) => {
      const client = await open();
      client.send(`${head(text)}\r\n${body}GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
      await client.receives('"ok"');
      expect(client.received.match(/HTTP\/1\.1 \d+/g)).toEqual([
        `HTTP/1.1 ${app === 'auth' ? 400 : 401}`,
        'HTTP/1.1 200',
      ]);
      client.close();
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
