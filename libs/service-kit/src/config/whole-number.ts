import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/**
 * A variable that holds a whole number, which the environment gives as a string.
 *
 * @param of what, for the message: `milliseconds`
 */
export function WholeNumber(min: number, max: number, of?: string): PropertyDecorator {
  const message = `must be a whole number${of === undefined ? '' : ` of ${of}`} from ${min} to ${max}`;
  return applyDecorators(
    Type(() => Number),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}
