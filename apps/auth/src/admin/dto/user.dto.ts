import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { MAX_ROLES, ROLE_NAME } from '../../authorization/role-name.js';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { MAX_EMAIL_LENGTH } from '../../users/email-address.js';
import type { ListedUser } from '../user-search.query.js';
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

export class ChangeUserDto {
  @ApiProperty({ description: 'Whether the user can not log in; true ends all sessions.' })
  @IsBoolean({ message: 'must be true or false' })
  disabled: boolean;
}

export class UserRolesDto {
  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES,
    example: ['support'],
    description: 'All roles of the user.',
  })
  @IsArray({ message: 'must be a list of roles' })
  @ArrayMaxSize(MAX_ROLES, { message: `must be at most ${MAX_ROLES} roles` })
  @Matches(ROLE_NAME, { each: true, message: 'must be names of roles, such as support' })
  roles: string[];
}

export class InviteUserDto extends UserRolesDto {
  @IsEmailAddress('ada@example.org') email: string;
}

export class AdminUserDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty() email_verified: boolean;
  @ApiProperty({ description: 'Whether the user can not log in.' }) disabled: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) disabled_at: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ type: [String], example: ['support'] }) roles: readonly string[];

  static of({ id, email, emailVerified, disabledAt, createdAt, roles }: ListedUser): AdminUserDto {
    return {
      id,
      email,
      email_verified: emailVerified,
      disabled: disabledAt !== null,
      disabled_at: disabledAt,
      created_at: createdAt,
      roles,
    };
  }
}

export class AdminUserListDto {
  @ApiProperty({ type: [AdminUserDto] }) users: AdminUserDto[];
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
}
