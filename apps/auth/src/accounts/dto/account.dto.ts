import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';
import type { User } from '../../users/users.repository.js';

export class MeDto {
  @ApiProperty({ format: 'uuid' }) user_id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty() email_verified: boolean;
  @ApiProperty({ format: 'date-time' }) created_at: string;

  static of({ id, email, emailVerified, createdAt }: User): MeDto {
    return { user_id: id, email, email_verified: emailVerified, created_at: createdAt.toISOString() };
  }
}

/**
 * What shows that the owner of an account asks for a change, and nobody at a device that was left logged in (OWASP ASVS
 * 5.0, 7.5.1).
 */
export class ConfirmPasswordDto {
  @IsPassword() password: string;
}

export class ChangePasswordDto {
  @IsPassword() current_password: string;
  @IsPassword({ example: 'another long and quiet evening' }) new_password: string;
}

export class ChangeEmailDto extends ConfirmPasswordDto {
  @IsEmailAddress('ada@example.org') new_email: string;
}

/**
 * The answer to a request whose outcome goes to a mailbox: the same whether or not there is an account, so that nobody
 * learns which addresses have one (OWASP ASVS 5.0, 6.3.8).
 */
export class AcceptedDto {
  @ApiProperty({ enum: ['accepted'] }) status: 'accepted';
}
