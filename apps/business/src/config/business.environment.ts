import { JWT_RULES, REVOCATION_RULES } from '@signet/jwt-shared';
import { environmentOf, ServiceEnvironment, WholeNumber } from '@signet/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';
import { IsOptional, IsString, Matches } from 'class-validator';

/** Everything that can be set about the business service. */
export class BusinessEnvironment extends IntersectionType(
  ServiceEnvironment,
  environmentOf(JWT_RULES),
  environmentOf(REVOCATION_RULES),
) {
  override PORT = 3001;

  /** Tasks that a user may have at a time. */
  @WholeNumber(1, 1_000_000)
  TASKS_PER_USER = 10_000;

  /** The name under which auth knows this service as a client. */
  @Matches(/^[a-z][a-z0-9-]{1,62}$/, {
    message: 'must be 2 to 63 lower case letters, digits and hyphens, as `clients list` of auth shows it',
  })
  CLIENT_ID = 'business';

  /** How the service proves who it is; without this and the two below it receives no account events. */
  @IsOptional()
  @IsString()
  CLIENT_SECRET?: string;

  /** File of a private key, as JWK or PEM, instead of a secret. */
  @IsOptional()
  @IsString()
  CLIENT_KEY_FILE?: string;

  /** File of a token that the platform renews, such as a projected service account token, instead of a secret. */
  @IsOptional()
  @IsString()
  CLIENT_ASSERTION_FILE?: string;
}
