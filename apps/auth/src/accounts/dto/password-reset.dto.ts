import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

export class ForgotPasswordDto {
  @IsEmailAddress() email: string;
}

export class ResetPasswordDto {
  @IsOneTimeToken() token: string;
  @IsPassword({ example: 'another long and quiet evening' }) new_password: string;
}
