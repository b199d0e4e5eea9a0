import { ValidateBy } from 'class-validator';

/** The value is a string of at most `limit` bytes in UTF-8. */
export function MaxBytes(limit: number): PropertyDecorator {
  return lengthRule(
    'maxBytes',
    (text) => Buffer.byteLength(text) <= limit,
    `must be at most ${limit} bytes long`,
  );
}

/** The value is a string of at least `limit` characters; a Unicode code point counts as one (NIST SP 800-63B-4 §3.1.1.2). */
export function MinCharacters(limit: number): PropertyDecorator {
  return lengthRule(
    'minCharacters',
    (text) => Array.from(text).length >= limit,
    `must be at least ${limit} characters long`,
  );
}

function lengthRule(name: string, isMet: (text: string) => boolean, message: string): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && isMet(value);
  return ValidateBy({ name, validator: { validate, defaultMessage: () => message } });
}
