import { ValidateBy } from 'class-validator';

interface Environment {
  readonly JWT_MAX_LIFETIME: number;
}

/** A token that lives longer than verifiers accept is refused everywhere, and outlives its revocation. */
export function IsWithinMaxLifetime(): PropertyDecorator {
  return ValidateBy({
    name: 'isWithinMaxLifetime',
    validator: {
      // What is no number is told by the other rules.
      validate: (value, args) => {
        const { JWT_MAX_LIFETIME } = args!.object as Environment;
        return !(Number(value) > JWT_MAX_LIFETIME);
      },
      defaultMessage: () => 'must be at most JWT_MAX_LIFETIME',
    },
  });
}
