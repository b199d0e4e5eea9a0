import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isEmail, IsString, MaxLength, ValidateBy } from 'class-validator';
import { normaliseEmail } from '../normalise.js';

/** An e-mail address, brought into the form in which it is stored (RFC 5321 §4.5.3.1.3: 254 characters). */
export function IsEmailAddress(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => normaliseEmail(value)),
    IsString({ message: 'must be an e-mail address' }),
    MaxLength(254, { message: 'must be at most 254 characters long' }),
    ValidateBy({
      name: 'isEmailAddress',
      validator: {
        // The library throws at half a surrogate pair.
        validate: (value) => typeof value === 'string' && value.isWellFormed() && isEmail(value),
        defaultMessage: () => 'must be an e-mail address',
      },
    }),
  );
}
