import { ApiProperty } from '@nestjs/swagger';
import { IsPassword } from '../../users/dto/password.rules.js';

export class ExportAccountDto {
  @ApiProperty({ format: 'password', maxLength: 1024 })
  @IsPassword()
  password: string;
}
