import { IsPassword } from '../../users/dto/password.rules.js';

/**
 * What shows that the owner of an account asks for a change, and nobody at a device that was left logged in (OWASP ASVS
 * 5.0, 7.5.1).
 */
export class ConfirmPasswordDto {
  @IsPassword() password: string;
}
