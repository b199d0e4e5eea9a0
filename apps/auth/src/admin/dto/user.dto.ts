import { ApiProperty } from '@nestjs/swagger';
import type { ListedUser } from '../user-search.query.js';

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
