import { isObject } from '../jose/strict-json.js';
import { bearerCredential } from './authorization-header.js';

/** Where transports keep what travels beside the data; each context of Nest has one of these. */
interface RpcContext {
  /** TCP: the packet's `metadata`. */
  getMetadata?(): unknown;
  /** NATS: the message's headers. */
  getHeaders?(): unknown;
  /** Kafka: a message with `headers`. RabbitMQ: one with `properties.headers`. */
  getMessage?(): unknown;
  /** gRPC: the call's metadata is the context. */
  get?(name: string): unknown;
}

/**
 * The bearer credential of a message: `authorization: Bearer <token>` in what its transport offers for headers,
 * never in the data. TCP: `metadata` of the packet, which a client sets by `ClientProxy#setOnDispatchHook`.
 * gRPC: call metadata. NATS, Kafka, RabbitMQ: message headers. Redis and MQTT have none, so they are refused.
 */
export function rpcCredential(context: RpcContext): string | undefined {
  const value = headerOf(context);
  const [only, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
  if (others.length > 0) return undefined;
  return bearerCredential(Buffer.isBuffer(only) ? only.toString('latin1') : only);
}

function headerOf(context: RpcContext): unknown {
  if (context.get) return context.get('authorization');
  const headers = context.getMetadata?.() ?? context.getHeaders?.() ?? messageHeaders(context.getMessage?.());
  if (!isObject(headers)) return undefined;
  return typeof headers['values'] === 'function'
    ? (headers as { values(name: string): unknown }).values('authorization')
    : headers['authorization'];
}

function messageHeaders(message: unknown): unknown {
  if (!isObject(message)) return undefined;
  return isObject(message['properties']) ? message['properties']['headers'] : message['headers'];
}
