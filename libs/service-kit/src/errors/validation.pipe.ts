import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ProblemException, type FieldError } from './problem.exception.js';

/** Checks every body, query and parameter against its DTO; what a DTO does not declare is refused. */
export function strictValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => validationFailed(errors.flatMap((error) => fieldErrors(error))),
  });
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
