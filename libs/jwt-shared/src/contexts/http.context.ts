import { authorizationHeader, bearerCredential, type HeaderCarrier } from './authorization-header.js';

/** A request of Express, which is Node's own, or of Fastify, which holds Node's as `raw`. */
export interface HttpRequest extends HeaderCarrier {
  readonly raw?: HeaderCarrier;
}

/** The bearer credential of an HTTP request; never one in its query or body (RFC 9700 §4.3.2). */
export function httpCredential(request: HttpRequest): string | undefined {
  return bearerCredential(authorizationHeader(request.raw ?? request));
}
