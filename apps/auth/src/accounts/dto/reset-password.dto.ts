import { ApiProperty } from '@nestjs/swagger';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

export class ResetPasswordDto {
  @ApiProperty({ maxLength: 128, description: 'From the link in the mail.' })
  @IsOneTimeToken()
  token: string;

  @ApiProperty({ format: 'password', maxLength: 1024, example: 'another long and quiet evening' })
  @IsPassword()
  new_password: string;
}
