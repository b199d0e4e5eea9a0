import type { ExecutionContext } from '@nestjs/common';
import type { AccessToken } from '../access-token.js';
import { graphqlRequest } from './graphql.context.js';
import { httpCredential, type HttpRequest } from './http.context.js';
import { rpcCredential } from './rpc.context.js';
import { wsCredential } from './ws.context.js';

/** The object that lives as long as a call and carries its user: a request, a WebSocket, an RPC context. */
export interface Carrier {
  user?: AccessToken;
}

/** The carrier of a call; `undefined` in a context that we do not know, or one without the object we expect. */
export function carrierOf(context: ExecutionContext): Carrier | undefined {
  switch (context.getType<string>()) {
    case 'http':
    case 'ws':
      return objectOrNothing(context.getArgByIndex(0));
    case 'rpc':
      return objectOrNothing(context.getArgByIndex(1));
    case 'graphql':
      return graphqlRequest(context.getArgByIndex(2)) as Carrier | undefined;
    default:
      return undefined;
  }
}

const checked = new WeakSet<ExecutionContext>();

/** Whether the credential of this very message has been looked at, which only a guard does. */
export function wasChecked(context: ExecutionContext): boolean {
  return checked.has(context);
}

/** The one bearer credential of a call; `undefined` where there is none, which refuses the call. */
export function credentialOf(context: ExecutionContext, carrier: Carrier): string | undefined {
  switch (context.getType<string>()) {
    case 'http':
    case 'graphql':
      return httpCredential(carrier as HttpRequest);
    case 'ws':
      checked.add(context);
      return wsCredential(carrier as object);
    case 'rpc':
      return rpcCredential(carrier as object);
    default:
      return undefined;
  }
}

function objectOrNothing(value: unknown): Carrier | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
