import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

/** Asks for a mail with a link. */
export class ForgotPasswordDto {
  @IsEmailAddress() email: string;
}

/** Uses the link. */
export class ResetPasswordDto {
  @IsOneTimeToken() token: string;
  @IsPassword({ example: 'another long and quiet evening' }) new_password: string;
}
