import { normalisePassword } from '../../users/normalise.js';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsNotEmpty, IsString, ValidateBy } from 'class-validator';

/** A password as somebody types it to log in; it may be older than today's rules. */
export function IsPassword(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => normalisePassword(value)),
    IsString({ message: 'must be a string' }),
    IsNotEmpty({ message: 'must not be empty' }),
    lengthRule('maxBytes', (text) => Buffer.byteLength(text) <= 1024, 'must be at most 1024 bytes long'),
  );
}

/** A password to be; a Unicode code point counts as one character (NIST SP 800-63B-4 §3.1.1.2). */
export function IsNewPassword(): PropertyDecorator {
  return applyDecorators(
    IsPassword(),
    lengthRule(
      'minCharacters',
      (text) => Array.from(text).length >= 15,
      'must be at least 15 characters long',
    ),
  );
}

function lengthRule(name: string, isMet: (text: string) => boolean, message: string): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && isMet(value);
  return ValidateBy({ name, validator: { validate, defaultMessage: () => message } });
}
