import type { Type } from '@nestjs/common';
import { Type as ReadAs } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** What a variable may be, as a library says that needs no validation library. */
interface Rule<T> {
  readonly fallback?: T;
  readonly isNumber?: boolean;
  faultOf(value: unknown, all: Readonly<Record<string, unknown>>): string | undefined;
}

/**
 * A class of settings made of plain rules, to be combined with others by `IntersectionType`, so that all faults of an
 * environment are told at once.
 *
 * @example class BusinessEnvironment extends IntersectionType(ServiceEnvironment, environmentOf(JWT_RULES)) {}
 */
export function environmentOf<T extends object>(rules: {
  readonly [Name in keyof T]-?: Rule<T[Name]>;
}): Type<T> {
  const named = Object.entries<Rule<T[keyof T]>>(rules);
  class PlainEnvironment {
    constructor() {
      for (const [name, { fallback }] of named) {
        if (fallback !== undefined) Object.assign(this, { [name]: fallback });
      }
    }
  }
  for (const [name, rule] of named) {
    if (rule.isNumber) ReadAs(() => Number)(PlainEnvironment.prototype, name);
    follow(rule)(PlainEnvironment.prototype, name);
  }
  return PlainEnvironment as Type<T>;
}

function follow(rule: Rule<unknown>): PropertyDecorator {
  const faultOf = (value: unknown, all: object = {}) => rule.faultOf(value, all as Record<string, unknown>);
  return ValidateBy({
    name: 'followsRule',
    validator: {
      validate: (value, args) => faultOf(value, args?.object) === undefined,
      defaultMessage: (args) => faultOf(args?.value, args?.object) ?? '',
    },
  });
}
