import type { HttpException } from '@nestjs/common';

/** Makes the problem as it is thrown, so that the document says what the code answers. Throwing it does as well. */
export type ProblemFactory = () => HttpException;

const PROBLEMS = 'signet:api-problems';

/**
 * Documents the problems that a handler, or every handler of a class, can answer with beyond those that follow from
 * the route itself: bodies, queries, tokens and the database (see `describeProblems`). Given by the functions that
 * make them, so that status, code, detail and headers of the OpenAPI document are those of the code. Several
 * decorators on one handler add up.
 *
 * @example
 * ```ts
 * @Post('login')
 * @ApiProblems(invalidCredentials, tooManySessions)
 * ```
 */
export function ApiProblems(...factories: readonly ProblemFactory[]): ClassDecorator & MethodDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const owner = descriptor === undefined ? target : (descriptor.value as object);
    Reflect.defineMetadata(PROBLEMS, [...documentedProblems(owner), ...factories], owner);
  };
}

/** The factories that {@link ApiProblems} has left on a handler or a class. */
export function documentedProblems(target: object): readonly ProblemFactory[] {
  return (Reflect.getOwnMetadata(PROBLEMS, target) as readonly ProblemFactory[] | undefined) ?? [];
}
