import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { ServiceEnvironment } from '../config/index.js';
import { answerProblem, problem, problemOfStatus, type Problem } from '../errors/index.js';
import { serveOneAtATime, type Connections } from './one-request-at-a-time.js';
import { affordableConnections } from './open-files.js';
import { cutStalledConnections } from './stalled-connections.js';

/** What is set about a service; a benchmark sets nothing. */
export type ServiceSettings = Partial<ServiceEnvironment>;

/** Header fields of one request together; beyond, 431. */
const MAX_HEADER_BYTES = 16 * 1024;
/** How often Node looks for connections whose time is over. */
const CHECK_EVERY_MS = 1_000;
const DEFAULT_TIMEOUT_SECONDS = 15;
/** Node refuses by itself what does not end in `chunked`. */
const CODED_CHUNKS = /,\s*chunked\s*$/i;

/** With what could not be parsed, where that was it. */
type ConnectionError = NodeJS.ErrnoException & { readonly rawPacket?: unknown };

/** What Node allows a connection: a caller that has not sent its whole request in time is cut off. */
export function serverOptions({ REQUEST_TIMEOUT_SECONDS = DEFAULT_TIMEOUT_SECONDS }: ServiceSettings) {
  const requestTimeout = REQUEST_TIMEOUT_SECONDS * 1000;
  return {
    requestTimeout,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      // As part of `refuseAmbiguous`: Node's own refusal has no body.
      requireHostHeader: false,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    } satisfies ServerOptions,
  };
}

/**
 * More connections than `MAX_CONNECTIONS`, or than there are files for, are closed at once; each has one request under
 * way; and one whose caller takes nothing of its answer is cut.
 */
export function boundConnections({ server }: FastifyInstance, settings: ServiceSettings): Connections {
  const { MAX_CONNECTIONS = Infinity, REQUEST_TIMEOUT_SECONDS = DEFAULT_TIMEOUT_SECONDS } = settings;
  const affordable = affordableConnections(MAX_CONNECTIONS);
  if (affordable !== Infinity) server.maxConnections = affordable;
  const connections = serveOneAtATime(server);
  cutStalledConnections(server, connections, REQUEST_TIMEOUT_SECONDS * 1000 + 2 * CHECK_EVERY_MS);
  return connections;
}

/**
 * Takes a request with an `Expect` that nobody knows as any other, as RFC 9110 §10.1.1 allows: Node would answer 417
 * by itself, without a body, and past every guard.
 */
export function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/**
 * Refuses what Node lets pass and a proxy in front may have read otherwise: a host that is missing or named twice
 * (RFC 9112 §3.2), and a body in a transfer coding that is never undone here (§6.1).
 */
export function refuseAmbiguous(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw, headers }, reply, done) => {
    const { 'transfer-encoding': coding = '' } = headers;
    if (hasItsHost(raw) && !CODED_CHUNKS.test(coding)) return done();
    answerProblem(reply.header('connection', 'close'), problemOfStatus(400));
  });
}

function hasItsHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/** Answers what is not HTTP, or not within the limits, and ends the connection: nobody knows where the next request begins. */
export function refuseConnection(error: ConnectionError, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy(error);
  const refusal = refusalOf(error.code);
  const body = JSON.stringify(refusal);
  const { rawPacket } = error;
  const isHead = Buffer.isBuffer(rawPacket) && rawPacket.subarray(0, 5).toString('latin1') === 'HEAD ';
  socket.end(
    `HTTP/1.1 ${refusal.status} ${refusal.title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${isHead ? '' : body}`,
  );
}

function refusalOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return problem(431, 'HEADERS_TOO_LARGE', 'The header fields must not exceed 16 KiB.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return problem(408, 'REQUEST_TIMEOUT', 'The request did not come in time.');
  return problemOfStatus(400);
}
