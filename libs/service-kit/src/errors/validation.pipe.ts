import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { UnreadableBody } from './body-parsing.js';
import { ProblemException, type FieldError } from './problem.exception.js';

/** Names that class-transformer takes for methods of the DTO or for an attack, and would leave out without a word. */
const LEFT_OUT = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);
/** No DTO comes near. */
const MAX_DEPTH = 32;
const UNKNOWN = 'is not a known field';

/** Checks every body, query and parameter against its DTO; what a DTO does not declare is refused. */
export class StrictValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => fieldErrors(error))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (value instanceof UnreadableBody) throw value.cause;
    // What a parameter decorator gives, as the claims of a token, is nothing that a request may be told about.
    const errors = metadata.type === 'custom' ? [] : untransformable(value);
    if (errors.length > 0) throw validationFailed(errors);
    return super.transform(value, metadata);
  }
}

/** The 400 of a request that is well-formed but not acceptable. */
export function validationFailed(errors: readonly FieldError[]): ProblemException {
  return new ProblemException(400, 'VALIDATION_FAILED', 'The request is not valid.', { errors });
}

function fieldErrors({ property, constraints, children }: ValidationError, path = ''): FieldError[] {
  const field = path ? `${path}.${property}` : (property ?? '');
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? UNKNOWN : message,
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, field))];
}

/** What class-transformer would not get right: it goes down by recursion, and passes over names it takes for methods. */
function untransformable(value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const waiting: [value: unknown, path: string, depth: number][] = [[value, '', 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [container, path, depth] = next;
    if (typeof container !== 'object' || container === null) continue;
    if (depth > MAX_DEPTH) return [{ field: path.split('.', 1)[0] ?? '', message: 'is nested too deeply' }];
    for (const [name, member] of Object.entries(container)) {
      if (LEFT_OUT.has(name)) errors.push({ field: path + name, message: UNKNOWN });
      else waiting.push([member, `${path}${name}.`, depth + 1]);
    }
  }
  return errors;
}
