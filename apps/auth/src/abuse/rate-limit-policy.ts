/** Where a handler says by which policy it is limited. */
export const RATE_LIMIT_POLICY = Symbol('rate limit policy');
