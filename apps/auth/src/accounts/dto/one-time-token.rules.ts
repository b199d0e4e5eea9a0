import { applyDecorators } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';

/** The token of a link. Whether it looks like one is not told apart from whether it is good. */
export function IsOneTimeToken(): PropertyDecorator {
  return applyDecorators(
    IsString({ message: 'must be the token of a link' }),
    MaxLength(128, { message: 'must be the token of a link' }),
  );
}
