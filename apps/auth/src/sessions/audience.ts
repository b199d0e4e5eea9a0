import { verifierOptions } from '@signet/jwt-shared';
import { validationFailed } from '@signet/service-kit';
import type { AuthConfig } from '../config/auth.config.js';

/**
 * Refuses an audience that no token is issued for.
 *
 * @param audience that a login or a refresh has asked for
 * @throws {ProblemException} 400
 */
export function assertAudience(config: AuthConfig, audience: string | undefined): void {
  if (audience === undefined) return;
  const audiences = [...new Set([...verifierOptions(config).audiences, config.JWT_OWN_AUDIENCE])];
  const isNamed = config.JWT_PROFILE !== 'bare';
  if (isNamed && audiences.includes(audience)) return;
  const message = isNamed ? `must be one of ${audiences.join(', ')}` : 'cannot be chosen in this JWT_PROFILE';
  throw validationFailed([{ field: 'audience', message }]);
}
