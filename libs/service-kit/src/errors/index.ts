export { ProblemException, type FieldError, type Problem } from './problem.exception.js';
export { ProblemFilter } from './problem.filter.js';
export { UnknownRouteController } from './unknown-route.controller.js';
export { strictValidation, validationFailed } from './validation.pipe.js';
