export { malformedJson, parseJsonBodies, UnreadableBody, unsupportedMediaType } from './body-parsing.js';
export { databaseUnavailable } from './database-problem.js';
export {
  isProblem,
  overloaded,
  problem,
  ProblemException,
  type FieldError,
  type Problem,
} from './problem.exception.js';
export { answerProblem, ProblemFilter } from './problem.filter.js';
export { problemOfStatus, toProblem } from './to-problem.js';
export { UnknownRouteController } from './unknown-route.controller.js';
export { StrictValidationPipe, validationFailed } from './validation.pipe.js';
