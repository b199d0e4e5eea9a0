import { IsPassword } from '../../users/dto/password.rules.js';

export class ChangePasswordDto {
  @IsPassword() current_password: string;
  @IsPassword({ example: 'another long and quiet evening' }) new_password: string;
}
