import type { ExecutionContext } from '@nestjs/common';
import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { graphqlRequest } from '../contexts/graphql.context.js';
import { isObject } from '../jose/strict-json.js';
import type { EndOfToken } from './token-watch.service.js';

/** Of the range for applications (RFC 6455 §7.4.2); the last digits are those of the HTTP status. */
const UNAUTHORIZED = 4401;
/** Registered by IANA: the peer may come back. */
const TRY_AGAIN_LATER = 1013;
/** What a peer that does not close by itself gets. */
const FAREWELL_MS = 500;

/** Something that goes on after a call was let in. */
export interface OpenStream {
  /** The same for all calls over it. */
  readonly connection: EventEmitter;
  readonly closeEvent: 'close' | 'disconnect';
  end(reason: EndOfToken): void;
}

/** A WebSocket of `ws`, which has `close` and `terminate`, or a socket of Socket.IO, which has `disconnect`. */
interface Socket extends EventEmitter {
  close?(code: number, reason: string): void;
  terminate?(): void;
  disconnect?(isForever: boolean): void;
}

/** The stream that a call has opened or came over; `undefined` where there is none that could be ended. */
export function streamOf(context: ExecutionContext): OpenStream | undefined {
  switch (context.getType<string>()) {
    case 'http':
      return responseStream(context.getArgByIndex(1));
    case 'ws':
      return socketStream(context.getArgByIndex(0));
    case 'graphql':
      return subscriptionStream(context.getArgByIndex(2));
    default:
      return undefined;
  }
}

/** Of Express, which is Node's own, or of Fastify, which holds Node's as `raw`. */
function responseStream(response: ServerResponse | { readonly raw: ServerResponse }): OpenStream {
  const connection = 'raw' in response ? response.raw : response;
  const end = () => {
    // A handler that writes after the end causes an error that means nothing.
    connection.on('error', () => undefined);
    connection.end();
    later(() => connection.destroy());
  };
  return { connection, closeEvent: 'close', end };
}

/** A WebSocket, which carries many calls. */
export function socketStream(connection: Socket): OpenStream {
  if (typeof connection.disconnect === 'function')
    return { connection, closeEvent: 'disconnect', end: () => connection.disconnect?.(true) };
  const end = (reason: EndOfToken) => {
    connection.close?.(reason === 'Try again later' ? TRY_AGAIN_LATER : UNAUTHORIZED, reason);
    later(() => connection.terminate?.());
  };
  return { connection, closeEvent: 'close', end };
}

/** A subscription over graphql-ws has its WebSocket in the context; another ends with the connection of its request. */
function subscriptionStream(context: unknown): OpenStream | undefined {
  const { extra } = isObject(context) ? context : {};
  if (isObject(extra) && isObject(extra['socket'])) return socketStream(extra['socket'] as unknown as Socket);
  const request = graphqlRequest(context) as { raw?: { socket?: unknown }; socket?: unknown } | undefined;
  const socket = request?.raw?.socket ?? request?.socket;
  if (!isObject(socket)) return undefined;
  const connection = socket as unknown as Socket & { destroy(): void };
  return { connection, closeEvent: 'close', end: () => connection.destroy() };
}

function later(action: () => void): void {
  setTimeout(action, FAREWELL_MS).unref();
}
