import type { FastifyInstance } from 'fastify';

/**
 * Lets connections end with their last answer once the server is closing. Node closes those that are idle when
 * it stops listening; one that is busy then would keep the process alive until its keep-alive time is over.
 */
export function closeWithLastAnswer(fastify: FastifyInstance): void {
  const { server } = fastify;
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!server.listening) void reply.header('connection', 'close');
    done(null, payload);
  });
  fastify.addHook('onResponse', (_request, _reply, done) => {
    if (!server.listening) setImmediate(() => server.closeIdleConnections());
    done();
  });
}
