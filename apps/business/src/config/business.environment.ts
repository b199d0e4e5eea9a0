import { JWT_RULES, REVOCATION_RULES } from '@signet/jwt-shared';
import { ClientEnvironment, environmentOf, ServiceEnvironment, WholeNumber } from '@signet/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';

/** Everything that can be set about the business service. */
export class BusinessEnvironment extends IntersectionType(
  ServiceEnvironment,
  ClientEnvironment,
  environmentOf(JWT_RULES),
  environmentOf(REVOCATION_RULES),
) {
  override PORT = 3001;

  /** Tasks that a user may have at a time. */
  @WholeNumber(1, 1_000_000)
  TASKS_PER_USER = 10_000;
}
