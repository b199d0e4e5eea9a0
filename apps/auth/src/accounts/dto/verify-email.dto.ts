import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

export class VerifyEmailDto {
  @ApiProperty({ maxLength: 128, description: 'From the link in the mail.' })
  @IsOneTimeToken()
  token: string;

  @ApiPropertyOptional({
    format: 'password',
    maxLength: 1024,
    description: 'Of the registration; a change of address needs none.',
    example: 'a long and quiet evening',
  })
  @IsOptional()
  @IsPassword()
  password?: string | null;
}
