import * as fc from 'fast-check';
import { NAUGHTY_STRINGS, UNKNOWN_FIELDS } from './hostile.ts';
import type { Schema } from './routes.ts';

export type Field = readonly [name: string, value: unknown];

/** What a person has, by the field that asks for it. */
const OWN: Readonly<Record<string, string>> = {
  email: '$email',
  password: '$password',
  current_password: '$password',
  new_password: '$password and more',
  refresh_token: '$refresh_token',
};

/** Anything that JSON can say. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NAUGHTY_STRINGS),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
  fc.constantFrom(null, true, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], { $ne: '' }),
);

/** A value that the schema allows. */
export function goodValue(name: string, schema: Schema): fc.Arbitrary<unknown> {
  const own = OWN[name];
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.format === 'date-time') return dateTime();
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000 });
  }
  if (schema.type === 'array') return fc.array(goodValue(name, schema.items ?? {}), { maxLength: 3 });
  if (schema.format === 'email') return fc.oneof(fc.constant(own ?? '$email'), fc.emailAddress());
  const text = fc.string({
    unit: 'grapheme',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 100, 100),
  });
  return own === undefined ? text : fc.constant(own);
}

/** A value that may be good, may just miss, and may be anything. */
export function anyField(name: string, schema: Schema): fc.Arbitrary<Field> {
  const { maxLength = 100 } = schema;
  const near = fc.oneof(
    fc.integer({ min: maxLength - 1, max: maxLength + 1 }).map((length) => 'a'.repeat(length)),
    fc.constantFrom('', '0', '101', '9999-12-31T23:59:60-23:59', '0000-01-01T00:00:00Z', 'a@b', '$id'),
    goodValue(name, schema).map((value) => [value]),
    goodValue(name, schema).map(String),
  );
  return fc.oneof(goodValue(name, schema), near, hostileValue).map((value) => [name, value]);
}

/** One that no body has. */
export const extraField: fc.Arbitrary<Field> = fc.tuple(
  fc.oneof(fc.constantFrom(...UNKNOWN_FIELDS), fc.string()),
  hostileValue,
);

/** Written out by hand, as an object has each name once and `__proto__` never. */
export function jsonOf(fields: readonly Field[]): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

function dateTime(): fc.Arbitrary<string> {
  const min = new Date('0000-01-01T00:00:00Z');
  const max = new Date('9999-12-31T23:59:59Z');
  return fc
    .tuple(fc.date({ min, max, noInvalidDate: true }), fc.constantFrom('Z', '+14:00', '-23:59', '+00:00'))
    .map(([date, offset]) => date.toISOString().replace('Z', offset));
}
