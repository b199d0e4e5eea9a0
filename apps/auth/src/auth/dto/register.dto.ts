import { ApiProperty } from '@nestjs/swagger';
import { CredentialsDto } from './credentials.dto.js';
import { MinCharacters } from './length.validators.js';

/** Credentials to be: the rules for new passwords are added (NIST SP 800-63B-4 §3.1.1.2). */
export class RegisterDto extends CredentialsDto {
  @ApiProperty({ format: 'password', minLength: 15, maxLength: 1024, example: 'a long and quiet evening' })
  @MinCharacters(15)
  override password: string;
}
