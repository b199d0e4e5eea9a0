import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsAudience } from './audience.rules.js';
import { IsRefreshToken } from './refresh-token.rules.js';

export class RefreshDto {
  @ApiPropertyOptional({
    type: String,
    description: 'Left out by browsers that have it in the session cookie.',
  })
  @IsRefreshToken()
  refresh_token: string;

  @IsAudience() audience?: string | null;
}
