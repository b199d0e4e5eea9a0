import { HttpException, type INestApplication } from '@nestjs/common';
import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import {
  databaseUnavailable,
  malformedJson,
  overloaded,
  ProblemException,
  toProblem,
  unsupportedMediaType,
  validationFailed,
} from '../errors/index.js';
import { documentedProblems, type ProblemFactory } from './api-problems.decorator.js';
import { handlersOf, type Handler } from './handlers.js';
import { addProblemResponses, addProblemSchemas } from './problem-responses.js';
import { GUARD_DESCRIPTION, type DescribeGuard, type RouteGuard } from './guard-description.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

const FIELD = { field: 'password', message: 'must be at least 15 characters long' };
const bodyTooLarge = () => asException({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 });
const OF_A_BODY: readonly ProblemFactory[] = [
  () => validationFailed([FIELD]),
  malformedJson,
  bodyTooLarge,
  unsupportedMediaType,
];
const OF_A_QUERY: readonly ProblemFactory[] = [() => validationFailed([FIELD])];
const OF_EVERY_ROUTE: readonly ProblemFactory[] = [
  () => asException({ statusCode: 400 }),
  () => asException({}),
  overloaded,
  databaseUnavailable,
];

/**
 * Completes the document by what the routes themselves say: a route that is not public needs a bearer token and
 * answers as the guard does; one with a body answers as the parser and the validation do; one with a query as the
 * validation does; and each as the service does when it is overloaded or without its database. What else a handler
 * answers, it says by `@ApiProblems(…)`.
 */
export function describeProblems(app: INestApplication, document: OpenAPIObject): OpenAPIObject {
  const handlers = handlersOf(app);
  const describeGuard = guardDescription(app);
  const components = (document.components ??= {});
  addProblemSchemas(components);
  for (const path of Object.values(document.paths)) {
    for (const operation of METHODS.flatMap((method) => path[method] ?? [])) {
      const handler = handlers.get(operation.operationId ?? '');
      if (handler === undefined) continue;
      const guard = describeGuard?.(handler.controller, handler.method);
      const factories = [
        ...ofRequest(operation),
        ...documentedProblems(handler.method),
        ...documentedProblems(handler.controller),
        ...OF_EVERY_ROUTE,
      ];
      const exceptions = [...(guard?.problems ?? []), ...factories.map((factory) => make(factory))];
      demandToken(operation, guard);
      addProblemResponses(operation.responses, exceptions, components);
      describeAnswers(operation);
      operation.operationId = operationId(handler, operation.operationId ?? '');
    }
  }
  return document;
}

/** What a document without a guard's description says of tokens stays as it is. */
function demandToken(operation: OperationObject, guard: RouteGuard | undefined): void {
  if (guard?.needsToken) operation.security ??= [{ bearer: [] }];
  operation.security ??= [];
}

function ofRequest({ requestBody, parameters = [] }: OperationObject): readonly ProblemFactory[] {
  if (requestBody && 'content' in requestBody) {
    return 'application/json' in requestBody.content ? OF_A_BODY : [bodyTooLarge];
  }
  const hasQuery = parameters.some((parameter) => 'in' in parameter && parameter.in === 'query');
  return hasQuery ? OF_A_QUERY : [];
}

function describeAnswers({ responses }: OperationObject): void {
  for (const [status, response] of Object.entries(responses)) {
    if (response && !('$ref' in response)) response.description ||= STATUS_CODES[status] ?? status;
  }
}

/** `TasksController_list` is `listTasks` for nobody; `tasksList` says the same and sorts. */
function operationId({ controller }: Handler, id: string): string {
  const feature = controller.name.replace(/Controller$/, '');
  const method = id.slice(controller.name.length + 1);
  return `${feature.charAt(0).toLowerCase()}${feature.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

function guardDescription(app: INestApplication): DescribeGuard | undefined {
  try {
    return app.get<DescribeGuard>(GUARD_DESCRIPTION, { strict: false });
  } catch {
    return undefined;
  }
}

function make(factory: ProblemFactory): HttpException {
  try {
    return factory();
  } catch (error) {
    if (error instanceof HttpException) return error;
    throw error;
  }
}

/** What Fastify refuses, and what is unknown, as the filter answers it. */
function asException(properties: object): ProblemException {
  const { status, code, detail } = toProblem(Object.assign(new Error(), properties));
  return new ProblemException(status, code, detail);
}
