import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** A variable that holds a number of seconds; the environment gives it as a string. */
export function Seconds(min: number, max: number): PropertyDecorator {
  const rule = { message: `must be a whole number of seconds from ${min} to ${max}` };
  return applyDecorators(
    Type(() => Number),
    IsInt(rule),
    Min(min, rule),
    Max(max, rule),
  );
}
