import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsString, ValidateBy } from 'class-validator';
import { normalisePassword } from '../normalise.js';

/** A password. What a new one must be like besides is for `PasswordPolicy` to say: an old one may be older than its rules. */
export function IsPassword(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => normalisePassword(value)),
    IsString({ message: 'must be a string' }),
    IsNotEmpty({ message: 'must not be empty' }),
    ValidateBy({
      name: 'isText',
      validator: {
        // Half a surrogate pair has no bytes of its own: all of them would be one password.
        validate: (value) => typeof value === 'string' && value.isWellFormed(),
        defaultMessage: () => 'must be Unicode text',
      },
    }),
    ValidateBy({
      name: 'maxBytes',
      validator: {
        validate: (value) => typeof value === 'string' && Buffer.byteLength(value) <= 1024,
        defaultMessage: () => 'must be at most 1024 bytes long',
      },
    }),
  );
}
