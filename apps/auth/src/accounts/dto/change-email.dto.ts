import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';

export class ChangeEmailDto {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsPassword()
  password: string;

  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.org' })
  @IsEmailAddress()
  new_email: string;
}
