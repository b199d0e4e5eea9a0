import type { Server } from 'node:http';
import type { Connections } from './one-request-at-a-time.js';

/**
 * Cuts a connection whose caller takes nothing of an answer for this long. One whose handler is still at work, such
 * as a stream of events that says nothing, is left alone.
 *
 * @param stalledForMs longer than the server allows a request to take to arrive: Node answers a late one 408, which a
 * connection that is cut before never gets
 */
export function cutStalledConnections(server: Server, connections: Connections, stalledForMs: number): void {
  server.timeout = stalledForMs;
  // With a listener Node leaves the decision to it, also of connections that are only kept alive.
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0 || !connections.isBusy(socket)) socket.destroy();
  });
}
