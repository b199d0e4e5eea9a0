import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, Matches } from 'class-validator';
import { MAX_ROLES, ROLE_NAME } from '../../authorization/role-name.js';
import { IsEmailAddress } from '../../users/dto/email.rules.js';

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
