import cors, { type FastifyCorsOptions, type FastifyCorsOptionsDelegateCallback } from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a page may read besides the few header fields that every page may. */
const EXPOSED = ['Retry-After', 'RateLimit', 'RateLimit-Policy', 'WWW-Authenticate', 'X-Request-Id'];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** How long a browser may keep the answer to a preflight. */
const MAX_AGE_SECONDS = 600;
const NOT_CORS: FastifyCorsOptions = { origin: false };

/**
 * Lets pages of these origins call the service, with cookies; pages of others get no header that would let them read
 * an answer. A preflight is answered before the guards, as browsers send it without credentials (Fetch, section 3.3).
 *
 * Has to come before every other hook, so that refusals carry the header fields as well.
 *
 * @param origins exact, as browsers write them: `https://app.example.com`
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  if (origins.length > 0) {
    const allowed: FastifyCorsOptions = {
      origin: [...origins],
      credentials: true,
      methods: METHODS,
      exposedHeaders: EXPOSED,
      maxAge: MAX_AGE_SECONDS,
    };
    const known = new Set(origins);
    const delegator: FastifyCorsOptionsDelegateCallback = (request, answer) =>
      answer(null, known.has(request.headers.origin ?? '') && !isPlainOptions(request) ? allowed : NOT_CORS);
    cors(withoutRoute(fastify), { delegator }, () => undefined);
  }
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS' || isPlainOptions(request)) return done();
    void reply.status(204).send();
  });
}

/** The plugin adds a route for every path, and so for those of `UnknownRouteController`; its hook answers before. */
function withoutRoute(fastify: FastifyInstance): FastifyInstance {
  return Object.create(fastify, { options: { value: () => undefined } }) as FastifyInstance;
}

/** For what Fastify refuses before any hook. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[]): void {
  const { origin } = request.headers;
  if (origins.length === 0) return;
  void reply.header('vary', 'Origin');
  if (origin === undefined || !origins.includes(origin)) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': EXPOSED.join(', '),
  });
}

/** OPTIONS by something else than a browser that asks for a page: a request as any other. */
function isPlainOptions({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  const isPreflight = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
  return method === 'OPTIONS' && !isPreflight;
}
