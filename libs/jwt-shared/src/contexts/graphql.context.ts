import { isObject } from '../jose/strict-json.js';
import type { HttpRequest } from './http.context.js';

/**
 * The HTTP request behind a GraphQL resolver, from the context that its server made: `req` (Mercurius and Apollo
 * as Nest sets them up), `request`, `reply.request` (Mercurius itself), `extra.request` (graphql-ws).
 */
export function graphqlRequest(context: unknown): HttpRequest | undefined {
  if (!isObject(context)) return undefined;
  const { req, request, reply, extra } = context;
  return [req, request, inner(reply), inner(extra)].find(isObject);
}

function inner(holder: unknown): unknown {
  return isObject(holder) ? holder['request'] : undefined;
}
