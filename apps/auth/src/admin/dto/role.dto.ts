import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MAX_SCOPES, SCOPE } from '../../authorization/role-name.js';
import type { Role } from '../../authorization/roles.repository.js';

export class SetRoleDto {
  @ApiProperty({
    type: [String],
    maxItems: MAX_SCOPES,
    example: ['tasks:read'],
    description: 'All scopes of the role.',
  })
  @IsArray({ message: 'must be a list of scopes' })
  @ArrayMaxSize(MAX_SCOPES, { message: `must be at most ${MAX_SCOPES} scopes` })
  @Matches(SCOPE, { each: true, message: 'must be scopes (RFC 6749 §3.3) of at most 64 characters' })
  scopes: string[];

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @IsString({ message: 'must be text' })
  @MaxLength(200, { message: 'must be at most 200 characters long' })
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'must be printable' })
  description?: string;
}

export class RoleDto {
  @ApiProperty({ example: 'support' }) name: string;
  @ApiProperty() description: string;
  @ApiProperty({ type: [String], example: ['tasks:read'] }) scopes: string[];

  static of({ name, description, scopes }: Role): RoleDto {
    return { name, description, scopes };
  }
}

export class RoleListDto {
  @ApiProperty({ type: [RoleDto] }) roles: RoleDto[];
}
