import { ApiProperty } from '@nestjs/swagger';
import { IsPassword } from '../../users/dto/password.rules.js';

export class ChangePasswordDto {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsPassword()
  current_password: string;

  @ApiProperty({
    format: 'password',
    maxLength: 1024,
    example: 'another long and quiet evening',
  })
  @IsPassword()
  new_password: string;
}
