import helmet from '@fastify/helmet';
import createFastify, { type FastifyInstance } from 'fastify';

/** Development serves plain HTTP, where upgrading requests would keep the page at `/docs` from loading. */
export const HELMET_OPTIONS = { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } };

type Headers = Readonly<Record<string, string>>;

/**
 * Sets helmet's headers on every answer. They never differ, yet its plugin would put them together anew for each
 * request, which costs more than the guard does.
 */
export async function setSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  const headers = await headersOfHelmet();
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

/** What the plugin sets, on the one request that a server which listens nowhere ever gets. */
async function headersOfHelmet(): Promise<Headers> {
  const server = createFastify();
  await server.register(helmet, HELMET_OPTIONS);
  server.get('/', (_request, reply) => reply.send(reply.raw.getHeaders()));
  const answer = await server.inject('/');
  await server.close();
  return answer.json<Headers>();
}
