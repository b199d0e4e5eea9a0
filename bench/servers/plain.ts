import fastify from 'fastify';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BODY } from '../protocol.js';

/** `node:http` and nothing else: what cannot be undercut. */
export async function startNodeHttp(): Promise<number> {
  const server = createServer((_request, response) => {
    const body = JSON.stringify(BODY);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Fastify without a guard. */
export async function startFastify(): Promise<number> {
  const app = fastify();
  app.get('/answer', () => BODY);
  app.get('/public', () => BODY);
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}
