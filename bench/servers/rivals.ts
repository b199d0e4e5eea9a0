import { createVerifier } from 'fast-jwt';
import fastify, { type FastifyRequest } from 'fastify';
import { jwtVerify } from 'jose';
import { AUDIENCE, BODY, ISSUER, type Setup } from '../protocol.js';

/** Fastify with a hook that verifies by `fast-jwt`, without its cache, which is off unless asked for. */
export function startFastJwt({ secret }: Setup): Promise<number> {
  const verify = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
  });
  return start((token) => void verify(token));
}

/** Fastify with a hook that verifies by `jose`. */
export function startJose({ secret }: Setup): Promise<number> {
  const key = new TextEncoder().encode(secret);
  return start(async (token) => {
    await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE });
  });
}

async function start(verify: (token: string) => void | Promise<void>): Promise<number> {
  const app = fastify();
  const onRequest = async (request: FastifyRequest) => {
    await verify((request.headers.authorization ?? '').slice('Bearer '.length));
  };
  app.get('/answer', { onRequest }, () => BODY);
  app.get('/public', () => BODY);
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}
