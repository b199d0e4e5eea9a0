import { ApiProperty } from '@nestjs/swagger';
import { IsRefreshToken } from './refresh-token.rules.js';

export class RefreshDto {
  @ApiProperty()
  @IsRefreshToken()
  refresh_token: string;
}
