import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { ConfirmPasswordDto } from './confirm-password.dto.js';

export class ChangeEmailDto extends ConfirmPasswordDto {
  @IsEmailAddress('ada@example.org') new_email: string;
}
