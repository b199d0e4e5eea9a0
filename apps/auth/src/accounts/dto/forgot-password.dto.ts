import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress } from '../../users/dto/email.rules.js';

export class ForgotPasswordDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  @IsEmailAddress()
  email: string;
}
