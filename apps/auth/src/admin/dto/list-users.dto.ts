import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ROLE_NAME } from '../../authorization/role-name.js';
import { MAX_EMAIL_LENGTH } from '../../users/email-address.js';
import { CursorPageDto } from './cursor-page.dto.js';

export class ListUsersDto extends CursorPageDto {
  @ApiPropertyOptional({
    maxLength: MAX_EMAIL_LENGTH,
    description: 'The beginning of an e-mail address, or an id.',
  })
  @IsOptional()
  @IsString({ message: 'must be text' })
  @MaxLength(MAX_EMAIL_LENGTH, { message: `must be at most ${MAX_EMAIL_LENGTH} characters long` })
  // PostgreSQL takes no NUL, and UTF-8 has no half of a character.
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'must be printable' })
  query?: string;

  @ApiPropertyOptional({ example: 'support' })
  @IsOptional()
  @Matches(ROLE_NAME, { message: 'must be the name of a role' })
  role?: string;

  @ApiPropertyOptional({ type: 'boolean' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => ({ true: true, false: false })[String(value)] ?? value)
  @IsIn([true, false], { message: 'must be true or false' })
  disabled?: boolean;
}
