import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsEmail, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { MaxBytes } from './length.validators.js';
import { normaliseEmail, normalisePassword } from '../../users/normalise.js';

/** An address and a password, in the form in which they are stored and compared. */
export class CredentialsDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' })
  @Transform(({ value }) => normaliseEmail(value))
  @MaxLength(254, { message: 'must be at most 254 characters long' })
  @IsEmail({}, { message: 'must be an e-mail address' })
  email: string;

  @ApiProperty({ format: 'password', maxLength: 1024, example: 'a long and quiet evening' })
  @Transform(({ value }) => normalisePassword(value))
  @MaxBytes(1024)
  @IsNotEmpty({ message: 'must not be empty' })
  @IsString({ message: 'must be a string' })
  password: string;
}
