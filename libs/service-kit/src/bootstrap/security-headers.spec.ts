import helmet from '@fastify/helmet';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import createFastify, { type FastifyInstance } from 'fastify';
import { HELMET_OPTIONS, setSecurityHeaders } from './security-headers.js';

describe('security headers', () => {
  let [ours, helmets]: FastifyInstance[] = [];
  beforeAll(async () => {
    [ours, helmets] = [createFastify(), createFastify()];
    await setSecurityHeaders(ours);
    await helmets.register(helmet, HELMET_OPTIONS);
    for (const fastify of [ours, helmets]) {
      fastify.get('/', () => 'fine');
      fastify.get('/fault', () => {
        throw new Error('fault');
      });
    }
  });
  afterAll(() => Promise.all([ours?.close(), helmets?.close()]));

  it.each(['/', '/fault', '/unknown'])("are helmet's own, at %s", async (path) => {
    const [answer, expected] = await Promise.all([ours?.inject(path), helmets?.inject(path)]);
    const { date: _, ...headers } = answer?.headers ?? {};
    const { date: __, ...expectedHeaders } = expected?.headers ?? {};
    expect(headers).toEqual(expectedHeaders);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
    });
  });
});
