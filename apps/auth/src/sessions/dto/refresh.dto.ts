import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';
import { IsAudience } from './audience.rules.js';

const MAX_LENGTH = 1024;

/** Anything that could be meant as a refresh token; whether it is one is no question of form. */
function IsRefreshToken(): PropertyDecorator {
  return applyDecorators(
    IsString({ message: 'must be a string' }),
    MaxLength(MAX_LENGTH, { message: `must be at most ${MAX_LENGTH} characters long` }),
  );
}

export class RefreshDto {
  @ApiPropertyOptional({
    type: String,
    description: 'Left out by browsers that have it in the session cookie.',
  })
  @IsRefreshToken()
  refresh_token: string;

  @IsAudience() audience?: string | null;
}

export class LogoutDto {
  @ApiPropertyOptional({ description: 'When the access token has run out.' })
  @ValidateIf((body: LogoutDto) => body.refresh_token !== undefined)
  @IsRefreshToken()
  refresh_token?: string;
}
