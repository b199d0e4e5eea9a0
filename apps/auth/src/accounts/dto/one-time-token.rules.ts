import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** The token of a link. Whether it looks like one is not told apart from whether it is good. */
export function IsOneTimeToken(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ maxLength: 128, description: 'From the link in the mail.' }),
    IsString({ message: 'must be the token of a link' }),
    MaxLength(128, { message: 'must be the token of a link' }),
  );
}
