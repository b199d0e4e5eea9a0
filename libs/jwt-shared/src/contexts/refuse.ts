import type { ExecutionContext } from '@nestjs/common';
import type { AuthenticationProblem } from '../errors/authentication.problem.js';

interface Response {
  header(name: string, value: string): unknown;
}

/**
 * Refuses a call in the way that its transport can tell its caller. Nest shows a gateway's and a microservice's
 * callers only exceptions of their own kinds; those packages are loaded when first needed, by a service that has
 * them, and are no dependency of one that has not. A bundler must leave these imports to Node.
 *
 * @throws {AuthenticationProblem} over HTTP and GraphQL
 * @returns never; a rejected promise over WebSocket and RPC
 */
export function refuse(context: ExecutionContext, problem: AuthenticationProblem): Promise<never> {
  switch (context.getType<string>()) {
    case 'ws':
      return refuseMessage(problem);
    case 'rpc':
      return refuseRpc(problem);
    case 'http': {
      const response = context.getArgByIndex<Response>(1);
      for (const [name, value] of Object.entries(problem.headers)) response.header(name, value);
      throw problem;
    }
    default:
      throw problem;
  }
}

async function refuseMessage(problem: AuthenticationProblem): Promise<never> {
  const { WsException } = await import(/* webpackIgnore: true */ '@nestjs/websockets');
  throw new WsException(problem.getResponse());
}

async function refuseRpc(problem: AuthenticationProblem): Promise<never> {
  const { RpcException } = await import(/* webpackIgnore: true */ '@nestjs/microservices');
  throw new RpcException(problem.getResponse());
}
