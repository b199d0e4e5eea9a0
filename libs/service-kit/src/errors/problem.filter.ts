import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemException, type Problem } from './problem.exception.js';
import { toProblem } from './to-problem.js';

/** Answers every failure as `application/problem+json` (RFC 9457) and logs what only we may know. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const problem = toProblem(thrown);
    if (problem.status >= 500) this.logger.error(causeOf(thrown));
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (thrown instanceof ProblemException) void reply.headers(thrown.headers);
    answerProblem(reply, problem);
  }
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof HttpException ? (thrown.cause ?? thrown) : thrown;
}

/** Sends problem details under their own media type. */
export function answerProblem(reply: FastifyReply, problem: Problem): void {
  void reply.status(problem.status).header('content-type', 'application/problem+json').send(problem);
}
