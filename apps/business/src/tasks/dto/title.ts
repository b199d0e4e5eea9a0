import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsString, MaxLength, ValidateBy } from 'class-validator';

/** The rules of a task's title. */
export function IsTitle(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    IsString({ message: 'must be a string' }),
    IsNotEmpty({ message: 'must not be empty' }),
    MaxLength(200, { message: 'must be at most 200 characters long' }),
    IsStorable(),
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
