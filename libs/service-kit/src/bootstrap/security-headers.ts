import helmet from '@fastify/helmet';
import createFastify, { type FastifyInstance } from 'fastify';

/** Development serves plain HTTP, where upgrading requests would keep the page at `/docs` from loading. */
export const HELMET_OPTIONS = { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } };

type Headers = Readonly<Record<string, string>>;

/** Answers are about people: what may be kept says so itself (OWASP ASVS 5.0, 14.3.2). */
export const NOT_KEPT = { 'cache-control': 'no-store' };

/**
 * Sets helmet's headers on every answer, and that no one keeps it unless its route says otherwise. They never differ,
 * yet helmet's plugin would put them together anew for each request, which costs more than the guard does.
 */
export async function setSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  const headers = { ...(await headersOfHelmet()), ...NOT_KEPT };
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
