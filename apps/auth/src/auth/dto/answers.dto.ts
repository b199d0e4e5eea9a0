import { ApiProperty } from '@nestjs/swagger';
import type { IssuedTokens } from '../../sessions/session-tokens.js';
import type { User } from '../../users/users.repository.js';

export class AcceptedDto {
  @ApiProperty({ enum: ['accepted'] })
  status: 'accepted';
}

/** RFC 6749 §5.1. */
export class TokensDto {
  @ApiProperty()
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: 'Bearer';

  @ApiProperty({ description: 'Seconds until the access token expires.', example: 300 })
  expires_in: number;

  @ApiProperty({ description: 'Good for one exchange at `/auth/refresh`.' })
  refresh_token: string;

  static of({ accessToken, expiresIn, refreshToken }: IssuedTokens): TokensDto {
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: refreshToken,
    };
  }
}

export class MeDto {
  @ApiProperty({ format: 'uuid' })
  user_id: string;

  @ApiProperty({ format: 'email' })
  email: string;

  @ApiProperty()
  email_verified: boolean;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  static of({ id, email, emailVerified, createdAt }: User): MeDto {
    return { user_id: id, email, email_verified: emailVerified, created_at: createdAt.toISOString() };
  }
}
