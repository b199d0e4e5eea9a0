import { applyDecorators } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';

const MAX_LENGTH = 1024;

/** Anything that could be meant as a refresh token; whether it is one is no question of form. */
export function IsRefreshToken(): PropertyDecorator {
  return applyDecorators(
    IsString({ message: 'must be a string' }),
    MaxLength(MAX_LENGTH, { message: `must be at most ${MAX_LENGTH} characters long` }),
  );
}
