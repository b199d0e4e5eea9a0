import { ApiProperty } from '@nestjs/swagger';
import { IsNewPassword, IsPassword } from './password.rules.js';

export class ChangePasswordDto {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsPassword()
  current_password: string;

  @ApiProperty({
    format: 'password',
    minLength: 15,
    maxLength: 1024,
    example: 'another long and quiet evening',
  })
  @IsNewPassword()
  new_password: string;
}
