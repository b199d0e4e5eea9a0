import { IsOptional } from 'class-validator';
import { IsPassword } from '../../users/dto/password.rules.js';
import { IsOneTimeToken } from './one-time-token.rules.js';

export class VerifyEmailDto {
  @IsOneTimeToken() token: string;

  @IsOptional()
  @IsPassword({
    required: false,
    description: 'Of the registration; a change of address needs none.',
    example: 'a long and quiet evening',
  })
  password?: string | null;
}
