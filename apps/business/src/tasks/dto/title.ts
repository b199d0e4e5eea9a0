import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsString, MaxLength, ValidateBy } from 'class-validator';

/** The rules of a task's title. */
export function IsTitle(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsStorable(),
    MaxLength(200, { message: 'must be at most 200 characters long' }),
    IsNotEmpty({ message: 'must not be empty' }),
    IsString({ message: 'must be a string' }),
  );
}

/** PostgreSQL cannot store NUL in text, and UTF-8 cannot write half a surrogate pair. */
function IsStorable(): PropertyDecorator {
  return ValidateBy({
    name: 'isStorable',
    validator: {
      validate: (value) => typeof value === 'string' && !value.includes('\0') && value.isWellFormed(),
      defaultMessage: () => 'must be text without NUL and without broken characters',
    },
  });
}
