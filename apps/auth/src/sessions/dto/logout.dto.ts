import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { IsRefreshToken } from './refresh-token.rules.js';

export class LogoutDto {
  @ApiPropertyOptional({ description: 'When the access token has run out.' })
  @ValidateIf((body: LogoutDto) => body.refresh_token !== undefined)
  @IsRefreshToken()
  refresh_token?: string;
}
