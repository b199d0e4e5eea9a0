import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';

const DESCRIPTION = 'At least `PASSWORD_MIN_LENGTH` characters.';

export class RegisterDto {
  @IsEmailAddress() email: string;
  @IsPassword({ description: DESCRIPTION, example: 'a long and quiet evening' }) password: string;
}
