import { JwtEnvironment } from '@app/jwt-shared';
import { ServiceEnvironment } from '@app/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';
import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';

const LIFETIME = { message: 'must be a whole number of seconds from 1 to 3600' };

/** Everything that can be set about the auth service. */
export class AuthEnvironment extends IntersectionType(ServiceEnvironment, JwtEnvironment) {
  override PORT = 3000;

  @IsIn(['HS256'], {
    message: 'must be HS256: this version of auth has no key ring for other algorithms yet',
  })
  override JWT_ALGORITHM = 'HS256' as const;

  /** Seconds of an access token's life. */
  @Type(() => Number)
  @IsInt(LIFETIME)
  @Min(1, LIFETIME)
  @Max(3600, LIFETIME)
  JWT_EXPIRES_IN = 300;
}
