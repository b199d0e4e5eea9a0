import { applyDecorators } from '@nestjs/common';
import { ValidateBy, ValidateIf } from 'class-validator';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;
/** Drizzle reads what PostgreSQL writes by `new Date()`, which takes the year 99 for 1999. */
const FIRST = Date.parse('0100-01-01T00:00:00Z');
/** Beyond, RFC 3339 has no digits left. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** A point in time as RFC 3339 writes it, with its offset, on a day that exists; or `null` for none. */
export function IsDueAt(): PropertyDecorator {
  return applyDecorators(
    ValidateIf((_task, value) => value !== undefined && value !== null),
    ValidateBy({
      name: 'isInstant',
      validator: {
        validate: (value) => typeof value === 'string' && instantOf(value) !== undefined,
        defaultMessage: () => 'must be a date and time with an offset, such as 2027-01-31T09:00:00Z, or null',
      },
    }),
  );
}

/** The moment that an accepted `due_at` names; `undefined` where the request did not speak of it. */
export function toDueAt(value: string | null | undefined): Date | null | undefined {
  return typeof value === 'string' ? instantOf(value) : value;
}

function instantOf(value: string): Date | undefined {
  if (!RFC_3339.test(value)) return undefined;
  try {
    const { epochMilliseconds } = Temporal.Instant.from(value);
    return epochMilliseconds >= FIRST && epochMilliseconds <= LAST ? new Date(epochMilliseconds) : undefined;
  } catch {
    return undefined;
  }
}
