import type { AccessToken } from './access-token.js';

/**
 * What {@link JwtAuthGuard} adds to a request that it lets through: intersect it with the platform's own type.
 *
 * @example handler(@Req() request: FastifyRequest & AuthenticatedRequest) { return request.user.userId; }
 */
export interface AuthenticatedRequest {
  user: AccessToken;
}
