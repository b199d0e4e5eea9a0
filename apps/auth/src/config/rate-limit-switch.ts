import { ValidateBy, type ValidationArguments } from 'class-validator';

/** `on` or `off`; production takes `on` only. */
export function IsRateLimitSwitch(): PropertyDecorator {
  return ValidateBy({
    name: 'isRateLimitSwitch',
    validator: {
      validate: (value, { object }: ValidationArguments) =>
        value === 'on' || (value === 'off' && (object as { NODE_ENV?: string }).NODE_ENV !== 'production'),
      defaultMessage: () => 'must be on, or off outside production (off is for load tests)',
    },
  });
}
