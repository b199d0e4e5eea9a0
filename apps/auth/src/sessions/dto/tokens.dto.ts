import { ApiProperty } from '@nestjs/swagger';
import type { IssuedTokens } from '../session-tokens.js';

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
