export { malformedJson, parseJsonBodies, UnreadableBody, unsupportedMediaType } from './body-parsing.js';
export { databaseUnavailable } from './database-problem.js';
export { overloaded } from './problem.exception.js';
export { isProblem, problem, ProblemException, type FieldError, type Problem } from './problem.exception.js';
export { answerProblem, ProblemFilter } from './problem.filter.js';
export { toProblem } from './to-problem.js';
export { UnknownRouteController } from './unknown-route.controller.js';
export { StrictValidationPipe, validationFailed } from './validation.pipe.js';
