import type { IncomingMessage } from 'node:http';
import { type HeaderCarrier } from './authorization-header.js';
import { httpCredential } from './http.context.js';

const handshakes = new WeakMap<object, IncomingMessage>();
/** By the server of an application, who hears of its connections. */
const listeners = new WeakMap<object, (client: object) => void>();

/** A Socket.IO socket keeps the request that it began with; one of `ws` does not. */
interface WsClient {
  readonly request?: HeaderCarrier;
}

/** The bearer credential of the HTTP request that opened a connection. */
export function wsCredential(client: WsClient): string | undefined {
  const handshake = handshakes.get(client) ?? client.request;
  return handshake && httpCredential(handshake);
}

/** The part of Nest's WebSocket adapters that hears of new connections. */
interface ConnectionAdapter {
  bindClientConnect(server: unknown, callback: (...args: unknown[]) => void): unknown;
}

/** Has `listener` told of the WebSockets of an application whose adapter keeps their handshake. */
export function onConnection(httpServer: object, listener: (client: object) => void): void {
  listeners.set(httpServer, listener);
}

/**
 * Lets the guard see the handshake of plain `ws` connections: Nest's `WsAdapter` hands the upgrade request to
 * the gateway and forgets it. Without this every message of such a connection is refused. A browser cannot set
 * the header; a Socket.IO adapter needs wrapping only for the last sentence of what follows.
 *
 * The handshake itself is open to anyone, as Nest runs no guard for it; each message is guarded, and refused
 * from the moment that the token has expired or is revoked. A connection that was opened with a good token is closed
 * then, even if no message has come over it.
 *
 * @example app.useWebSocketAdapter(keepHandshake(new WsAdapter(app)));
 */
export function keepHandshake<T extends ConnectionAdapter>(adapter: T): T {
  // The server of the application that the adapter was made for, which Nest declares as protected.
  const { httpServer = adapter } = adapter as { readonly httpServer?: object };
  const bindClientConnect = adapter.bindClientConnect.bind(adapter);
  adapter.bindClientConnect = (server, callback) =>
    bindClientConnect(server, (client, request, ...rest) => {
      if (request !== undefined) handshakes.set(client as object, request as IncomingMessage);
      callback(client, request, ...rest);
      listeners.get(httpServer)?.(client as object);
    });
  return adapter;
}
