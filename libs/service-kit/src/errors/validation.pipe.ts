import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { UnreadableBody } from './body-parsing.js';
import { ProblemException, type FieldError } from './problem.exception.js';

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

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (value instanceof UnreadableBody) throw value.cause;
    return super.transform(value, metadata);
  }
}

/** The 400 of a request that is well-formed but not acceptable. */
export function validationFailed(errors: readonly FieldError[]): ProblemException {
  return new ProblemException(400, 'VALIDATION_FAILED', 'The request is not valid.', { errors });
}

function fieldErrors({ property, constraints, children }: ValidationError, path = ''): FieldError[] {
  const field = path ? `${path}.${property}` : (property ?? '');
  const own = Object.values(constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, field))];
}
