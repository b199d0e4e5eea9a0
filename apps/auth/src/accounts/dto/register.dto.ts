import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';

export class RegisterDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  @IsEmailAddress()
  email: string;

  @ApiProperty({
    format: 'password',
    maxLength: 1024,
    description: 'At least `PASSWORD_MIN_LENGTH` characters.',
    example: 'a long and quiet evening',
  })
  @IsPassword()
  password: string;
}
