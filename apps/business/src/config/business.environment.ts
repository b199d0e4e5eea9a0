import { JwtEnvironment, RevocationEnvironment } from '@signet/jwt-shared';
import { ServiceEnvironment } from '@signet/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';

/** Everything that can be set about the business service. */
export class BusinessEnvironment extends IntersectionType(
  ServiceEnvironment,
  JwtEnvironment,
  RevocationEnvironment,
) {
  override PORT = 3001;
}
