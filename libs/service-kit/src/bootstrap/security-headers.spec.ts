import helmet from '@fastify/helmet';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import createFastify, { type FastifyInstance } from 'fastify';
import { HELMET_OPTIONS, NOT_KEPT, setSecurityHeaders } from './security-headers.js';

describe('security headers', () => {
  let [ours, helmets]: FastifyInstance[] = [];
  beforeAll(async () => {
    [ours, helmets] = [createFastify(), createFastify()];
    await setSecurityHeaders(ours);
    await helmets.register(helmet, HELMET_OPTIONS);
    for (const fastify of [ours, helmets]) {
      fastify.get('/', () => 'fine');
      fastify.get('/public', (_request, reply) => reply.header('cache-control', 'public').send('fine'));
      fastify.get('/fault', () => {
        throw new Error('fault');
      });
    }
  });
  afterAll(() => Promise.all([ours?.close(), helmets?.close()]));

  it('have no cache keep an answer, unless its route says that one may', async () => {
    const kept = async (path: string) => (await ours?.inject(path))?.headers['cache-control'];
    expect(await Promise.all(['/', '/fault', '/unknown', '/public'].map(kept))).toEqual([
      'no-store',
      'no-store',
      'no-store',
      'public',
    ]);
  });

  it.each(['/', '/fault', '/unknown'])("are helmet's own, at %s", async (path) => {
    const [answer, expected] = await Promise.all([ours?.inject(path), helmets?.inject(path)]);
    const { date: _, ...headers } = answer?.headers ?? {};
    const { date: __, ...expectedHeaders } = expected?.headers ?? {};
    expect(headers).toEqual({ ...expectedHeaders, ...NOT_KEPT });
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'strict-transport-security': expect.stringContaining('max-age='),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
    });
  });
});
