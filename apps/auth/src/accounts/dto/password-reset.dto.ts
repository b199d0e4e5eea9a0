import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

/** Asks for a mail with a link. */
export class ForgotPasswordDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  @IsEmailAddress()
  email: string;
}

/** Uses the link. */
export class ResetPasswordDto {
  @ApiProperty({ maxLength: 128, description: 'From the link in the mail.' })
  @IsOneTimeToken()
  token: string;

  @ApiProperty({ format: 'password', maxLength: 1024, example: 'another long and quiet evening' })
  @IsPassword()
  new_password: string;
}
