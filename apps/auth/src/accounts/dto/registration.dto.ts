import { IsOptional } from 'class-validator';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

const EXAMPLE = 'a long and quiet evening';

export class RegisterDto {
  @IsEmailAddress() email: string;

  @IsPassword({ description: 'At least `PASSWORD_MIN_LENGTH` characters.', example: EXAMPLE })
  password: string;
}

export class VerifyEmailDto {
  @IsOneTimeToken() token: string;

  @IsOptional()
  @IsPassword({
    required: false,
    description: 'Of the registration; a change of address needs none.',
    example: EXAMPLE,
  })
  password?: string | null;
}
