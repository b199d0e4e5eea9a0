import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that one connection may send ahead of its answers (RFC 9112 §9.3.2: pipelining). */
const MAX_WAITING_PER_CONNECTION = 256;
/** Of all connections together: what waits is held in memory, about 3 KB each. */
const MAX_WAITING = 4_096;

const CONNECTION = Symbol('connection');

interface Connection {
  isBusy: boolean;
  readonly waiting: [IncomingMessage, ServerResponse][];
}
type KnownSocket = Socket & { [CONNECTION]?: Connection };

/** What is known of the connections of a server. */
export interface Connections {
  readonly open: number;
  /** Those with a request under way; one connection has one at most. */
  readonly busy: number;
  isBusy(socket: Socket): boolean;
}

/**
 * Hands over the requests of a connection one after the other: the next one when the answer before it has been
 * sent. Node itself parses and begins all that a caller has pipelined, so that one packet would start thousands.
 *
 * A connection is not read while one of its requests waits, and is cut when it has sent too many ahead.
 */
export function serveOneAtATime(server: Server): Connections {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  let open = 0;
  let busy = 0;
  let waiting = 0;
  server.on('connection', (socket: Socket) => {
    open++;
    socket.once('close', () => open--);
  });

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const socket: KnownSocket = request.socket;
    const connection = (socket[CONNECTION] ??= { isBusy: false, waiting: [] });
    if (!connection.isBusy) {
      busy++;
      connection.isBusy = true;
      return handle(request, response);
    }
    if (waiting >= MAX_WAITING || connection.waiting.length >= MAX_WAITING_PER_CONNECTION)
      return void socket.destroy();
    if (connection.waiting.length === 0) pause(socket);
    waiting++;
    connection.waiting.push([request, response]);
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    response.on('close', finish);
    for (const handler of handlers) handler.call(server, request, response);
  }

  function finish(this: ServerResponse): void {
    const socket: KnownSocket = this.req.socket;
    const connection = socket[CONNECTION];
    if (!connection) return;
    if (socket.destroyed) waiting -= connection.waiting.splice(0).length;
    const next = connection.waiting.shift();
    if (!next) {
      busy--;
      connection.isBusy = false;
      return;
    }
    waiting--;
    if (connection.waiting.length === 0) resume(socket);
    handle(...next);
  }

  server.on('request', receive);
  return {
    get open() {
      return open;
    },
    get busy() {
      return busy;
    },
    isBusy: (socket: KnownSocket) => socket[CONNECTION]?.isBusy ?? false,
  };
}

/** Node resumes a socket for reasons of its own, such as the end of a body. */
function pause(socket: Socket): void {
  socket.on('resume', keepPaused);
  socket.pause();
}

function resume(socket: Socket): void {
  socket.off('resume', keepPaused);
  socket.resume();
}

function keepPaused(this: Socket): void {
  this.pause();
}
