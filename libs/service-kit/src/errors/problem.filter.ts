import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { databaseProblem } from './database-problem.js';
import { ProblemException, type Problem } from './problem.exception.js';
import { toProblem } from './to-problem.js';

/** Answers every failure as `application/problem+json` (RFC 9457) and logs what only we may know. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const failure = databaseProblem(thrown) ?? thrown;
    const problem = toProblem(failure);
    if (problem.status >= 500 && !isMeant(failure)) this.logger.error(causeOf(failure));
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    answerProblem(reply, failure instanceof HttpException ? failure : problem);
  }
}

/** A problem without a cause tells all there is: of a flood of them the log of requests is enough. */
function isMeant(failure: unknown): boolean {
  return failure instanceof ProblemException && failure.cause === undefined;
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof HttpException ? (thrown.cause ?? thrown) : thrown;
}

/** Sends problem details under their own media type, with the headers that belong to them. */
export function answerProblem(reply: FastifyReply, answer: Problem | HttpException): void {
  const problem = answer instanceof HttpException ? toProblem(answer) : answer;
  if ('headers' in answer) void reply.headers(answer.headers as ProblemException['headers']);
  void reply.status(problem.status).header('content-type', 'application/problem+json').send(problem);
}
