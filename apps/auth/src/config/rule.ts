import { ValidateBy } from 'class-validator';

/**
 * A rule of one's own for a property.
 *
 * @param message what is wrong, completing the property's name
 * @param holds whether the value keeps the rule, beside what the object says otherwise
 * @example
 * ```ts
 * @Rule<Task>('must be after starts_at', (value, { starts_at }) => Number(value) > starts_at)
 * ```
 */
export function Rule<Owner extends object>(
  message: string | ((owner: Owner) => string),
  holds: (value: unknown, owner: Owner) => boolean,
): PropertyDecorator {
  return ValidateBy({
    name: typeof message === 'string' ? message : 'rule',
    validator: {
      validate: (value, args) => holds(value, args!.object as Owner),
      defaultMessage: (args) => (typeof message === 'string' ? message : message(args!.object as Owner)),
    },
  });
}
