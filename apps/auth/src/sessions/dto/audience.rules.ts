import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** One audience that the access token is to be good for alone; whether there is such a one depends on the settings. */
export function IsAudience(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: String,
      maxLength: 255,
      description: 'One of the configured audiences: the access token is good there alone.',
      example: 'signet',
    }),
    IsOptional(),
    IsString({ message: 'must be a string' }),
    MaxLength(255, { message: 'must be at most 255 characters long' }),
  );
}
