import { afterEach, describe, expect, it } from '@jest/globals';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AccountEventsModule, type AccountEventsOptions, type AccountEventStore } from '../index.js';
import { faultOfError } from './transmitter-fault.js';

const STORE = {
  lead: () => Promise.resolve(true),
  resign: () => Promise.resolve(),
  listBegun: () => Promise.resolve(new Map()),
  countSetAside: () => Promise.resolve(0),
  once: () => Promise.resolve(true),
} as unknown as AccountEventStore;

describe('a service that gets no account events says why, and what to do', () => {
  const open: { server?: Server; app?: INestApplicationContext } = {};
  afterEach(async () => {
    await open.app?.close();
    open.server?.closeAllConnections();
    open.server?.close();
  });

  async function listen(answer: RequestListener): Promise<string> {
    open.server = createServer(answer).listen(0, '127.0.0.1');
    await once(open.server, 'listening');
    return `http://127.0.0.1:${(open.server.address() as AddressInfo).port}`;
  }

  /** The first warning of a service with these options. */
  async function warningOf(options: Partial<AccountEventsOptions>): Promise<string> {
    const warnings: string[] = [];
    const all = { store: STORE, issuer: 'https://auth.example.org', clientId: 'orders', clientSecret: 's' };

    @Module({ imports: [AccountEventsModule.forRoot({ ...all, ...options })] })
    class TestModule {}
    open.app = await NestFactory.createApplicationContext(TestModule, {
      logger: { log: () => undefined, error: () => undefined, warn: (line: string) => warnings.push(line) },
    });
    while (warnings.length === 0) await delay(10);
    return warnings[0]!;
  }

  const answering =
    (status: number, body: object | string, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

  it.each<[string, RequestListener, string]>([
    [
      'the credential is wrong',
      answering(401, { code: 'INVALID_CLIENT' }),
      "(401 INVALID_CLIENT): auth does not know the client orders by this credential; does CLIENT_SECRET (CLIENT_KEY_FILE, CLIENT_ASSERTION_FILE) differ from auth's, or is the client disabled?",
    ],
    [
      'the scope is missing',
      answering(403, { code: 'INSUFFICIENT_SCOPE' }),
      '(403 INSUFFICIENT_SCOPE): the client orders does not have the scope events at auth',
    ],
    [
      'auth is older',
      answering(404, { code: 'NOT_FOUND' }),
      '(404 NOT_FOUND): URL/ssf/streams is not there; is auth older than account events, or AUTH_URL wrong?',
    ],
    [
      'auth is not well',
      answering(503, '<html>Service unavailable</html>'),
      '(503): auth at URL/ssf/streams cannot serve it right now',
    ],
    [
      'something else answers',
      answering(200, '<html>Welcome</html>'),
      '(no JSON): AUTH_URL does not lead to auth, but to URL/ssf/streams',
    ],
    [
      'something leads on to elsewhere, where no credential is sent',
      answering(302, '', { location: 'https://example.org/' }),
      '(redirect): AUTH_URL does not lead to auth, but to URL/ssf/streams',
    ],
    [
      'the answer has no end',
      (_request, response) => {
        const chunk = Buffer.alloc(65_536, ' ');
        const more = () => void (response.destroyed || response.write(chunk, () => setImmediate(more)));
        response.writeHead(200, { 'content-type': 'application/json' });
        more();
      },
      '(more than 8388608 bytes): AUTH_URL does not lead to auth, but to URL/ssf/streams',
    ],
    [
      'the issuer is another',
      answering(200, { iss: 'https://id.example.org' }),
      '(issuer): auth\'s events are issued by "https://id.example.org", and JWT_ISSUER is https://auth.example.org',
    ],
  ])('when %s', async (_case, answer, line) => {
    const url = await listen(answer);
    expect(await warningOf({ authUrl: url })).toBe(
      `Account events wait ${line.replaceAll('URL/', `${url}/`)}`,
    );
  });

  it('when nothing is there', async () => {
    const url = await listen(answering(200, {}));
    open.server!.close();
    await once(open.server!, 'close');
    expect(await warningOf({ authUrl: url })).toBe(
      `Account events wait (ECONNREFUSED): ${url}/ssf/streams cannot be reached; is auth running, and is AUTH_URL right?`,
    );
  });

  it('when no TLS connection can be trusted', async () => {
    const url = (await listen(answering(200, {}))).replace('http:', 'https:');
    expect(await warningOf({ authUrl: url })).toMatch(
      /^Account events wait \((EPROTO|ERR_SSL_\w+)\): no trusted TLS connection to https:\S+; is NODE_EXTRA_CA_CERTS set/,
    );
  });

  it('when auth does not answer', async () => {
    const url = await listen(() => undefined);
    const error: unknown = await fetch(url, { signal: AbortSignal.timeout(50) }).catch(
      (fault: unknown) => fault,
    );
    expect(faultOfError(error, url)).toMatchObject({
      message: `Account events wait (timeout): ${url} does not answer in time`,
    });
  });

  it('when its credential cannot be read', async () => {
    const authorization = () => Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
    expect(await warningOf({ authUrl: 'http://127.0.0.1:9', authorization })).toBe(
      'Account events wait (ENOENT): the credential of this service: no such file',
    );
  });

  it('when its own database is away', async () => {
    const away = Object.assign(new Error('Failed query: select …'), { cause: { code: 'ECONNREFUSED' } });
    const store = { ...STORE, lead: () => Promise.reject(away) };
    expect(await warningOf({ authUrl: 'http://127.0.0.1:9', store })).toBe(
      'Account events wait: the store of this service failed: ECONNREFUSED',
    );
  });
});
