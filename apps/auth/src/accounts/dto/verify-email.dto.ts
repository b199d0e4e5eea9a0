import { ApiProperty } from '@nestjs/swagger';
import { IsOneTimeToken } from './one-time-token.rules.js';

export class VerifyEmailDto {
  @ApiProperty({ maxLength: 128, description: 'From the link in the mail.' })
  @IsOneTimeToken()
  token: string;
}
