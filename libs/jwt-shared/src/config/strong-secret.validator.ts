import { ValidateBy } from 'class-validator';
import { weaknessOf } from './weak-secrets.js';

/** A secret that can carry `HS256`. The message says what is wrong, and never shows the secret. */
export function IsStrongSecret(): PropertyDecorator {
  return ValidateBy({
    name: 'isStrongSecret',
    validator: {
      validate: (secret) => weaknessOf(secret) === undefined,
      defaultMessage: (validation) => weaknessOf(validation?.value) ?? '',
    },
  });
}
