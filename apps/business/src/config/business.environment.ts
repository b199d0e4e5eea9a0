import { JWT_RULES, REVOCATION_RULES } from '@signet/jwt-shared';
import { environmentOf, ServiceEnvironment } from '@signet/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';

/** Everything that can be set about the business service. */
export class BusinessEnvironment extends IntersectionType(
  ServiceEnvironment,
  environmentOf(JWT_RULES),
  environmentOf(REVOCATION_RULES),
) {
  override PORT = 3001;
}
