import { ValidateBy } from 'class-validator';

/** A verifier that has just refetched for an unknown `kid` does not do so again for this long (`JWKS_COOLDOWN`). */
const COOLDOWN_SECONDS = 30;

interface Environment {
  readonly NODE_ENV: string;
  readonly JWKS_MAX_AGE: number;
}

/** In production no key may sign before the last verifier has had to fetch it. */
export function IsLongEnoughAhead(): PropertyDecorator {
  return ValidateBy({
    name: 'isLongEnoughAhead',
    validator: {
      validate: (value, args) => {
        const environment = args?.object as Environment;
        const isProduction = environment.NODE_ENV === 'production';
        return !isProduction || Number(value) >= environment.JWKS_MAX_AGE + COOLDOWN_SECONDS;
      },
      defaultMessage: () => `must be at least JWKS_MAX_AGE + ${COOLDOWN_SECONDS} in production`,
    },
  });
}
