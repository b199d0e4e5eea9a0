import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsAudience } from '../../sessions/dto/audience.rules.js';
import { IsEmailAddress } from '../../users/dto/email.rules.js';
import { IsPassword } from '../../users/dto/password.rules.js';

export class LoginDto {
  @IsEmailAddress() email: string;
  @IsPassword({ example: 'a long and quiet evening' }) password: string;
  @IsAudience() audience?: string | null;

  @ApiPropertyOptional({
    enum: ['cookie'],
    description: 'For browsers: the refresh token goes into a cookie that no script can read.',
  })
  @IsOptional()
  @IsIn(['cookie'], { message: 'must be cookie, or left out' })
  mode?: 'cookie' | null;
}
