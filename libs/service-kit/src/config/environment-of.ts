import { applyDecorators, type Type } from '@nestjs/common';
import { wholeNumber, type Rule, type Rules } from '@signet/jwt-shared';
import { Type as ReadAs } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/**
 * A class of settings made of plain rules, to be combined with others by `IntersectionType`, so that all faults of an
 * environment are told at once.
 *
 * @example class BusinessEnvironment extends IntersectionType(ServiceEnvironment, environmentOf(JWT_RULES)) {}
 */
export function environmentOf<T extends object>(rules: Rules<T>): Type<T> {
  const named = Object.entries<Rule<T[keyof T]>>(rules);
  class PlainEnvironment {
    constructor() {
      for (const [name, { fallback }] of named) {
        if (fallback !== undefined) Object.assign(this, { [name]: fallback });
      }
    }
  }
  for (const [name, rule] of named) follow(rule)(PlainEnvironment.prototype, name);
  return PlainEnvironment as Type<T>;
}

/**
 * A variable that holds a whole number.
 *
 * @param unit for the message: `milliseconds`
 */
export function WholeNumber(min: number, max: number, unit?: string): PropertyDecorator {
  return follow(wholeNumber(min, max, min, unit));
}

function follow(rule: Rule<unknown>): PropertyDecorator {
  const faultOf = (value: unknown, all: object = {}) => rule.faultOf(value, all as Record<string, unknown>);
  const followsRule = ValidateBy({
    name: 'followsRule',
    validator: {
      validate: (value, args) => faultOf(value, args?.object) === undefined,
      defaultMessage: (args) => faultOf(args?.value, args?.object) ?? '',
    },
  });
  const readsNumber = rule.isNumber ? [ReadAs(() => Number)] : [];
  return applyDecorators(...readsNumber, followsRule);
}
