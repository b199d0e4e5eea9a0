import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { IssuedToken } from '../../signing/access-token.issuer.js';
import type { IssuedTokens } from '../session-tokens.service.js';

/** RFC 6749 §5.1. */
export class TokensDto {
  @ApiProperty() access_token: string;
  @ApiProperty({ enum: ['Bearer'] }) token_type: 'Bearer';
  @ApiProperty({ description: 'Seconds until the access token expires.', example: 300 }) expires_in: number;

  @ApiPropertyOptional({
    description: 'Good for one exchange at `/auth/refresh`; with `mode: cookie` it is in the cookie.',
  })
  refresh_token?: string;

  static of({ refreshToken, ...tokens }: IssuedTokens): TokensDto {
    return Object.assign(TokensDto.withCookie(tokens), { refresh_token: refreshToken });
  }

  /** Where the refresh token is in the session's cookie. */
  static withCookie({ accessToken, expiresIn }: IssuedToken): TokensDto {
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
  }
}
