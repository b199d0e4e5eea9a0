import type { HttpException, Type } from '@nestjs/common';

/** What a guard asks of the calls to one route, and how it refuses them. */
export interface RouteGuard {
  /** Whether a call needs a bearer token. */
  readonly needsToken: boolean;
  readonly problems: readonly HttpException[];
}

/** Tells how a global guard treats a route, by what is written on its controller and handler. */
export type DescribeGuard = (controller: Type, handler: object) => RouteGuard;

/**
 * A library with a global guard provides a {@link DescribeGuard} under this token, so that the OpenAPI document knows
 * which routes need a token. In the registry of symbols, because such a library must work without this one.
 */
export const GUARD_DESCRIPTION = Symbol.for('signet:guard-description');
