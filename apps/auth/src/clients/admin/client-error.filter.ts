import { answerProblem, ProblemException } from '@signet/service-kit';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ClientError, type ClientErrorCode } from '../clients.errors.js';

const STATUS: Readonly<Record<ClientErrorCode, number>> = {
  CLIENT_INVALID: 400,
  CLIENT_ID_INVALID: 400,
  CLIENT_NOT_FOUND: 404,
  CLIENT_EXISTS: 409,
  CLIENT_HAS_NO_SECRET: 409,
  SERVICE_ACCOUNT_TAKEN: 409,
};

/** Answers a change of a client that cannot be made. */
@Catch(ClientError)
export class ClientErrorFilter implements ExceptionFilter<ClientError> {
  catch({ code, message }: ClientError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    answerProblem(reply, new ProblemException(STATUS[code], code, message));
  }
}

/** For the OpenAPI document. */
export function clientMissing(): ProblemException {
  return new ProblemException(STATUS.CLIENT_NOT_FOUND, 'CLIENT_NOT_FOUND', 'There is no such client.');
}

export function clientInvalid(): ProblemException {
  return new ProblemException(STATUS.CLIENT_INVALID, 'CLIENT_INVALID', 'An audience is given once.');
}

export function clientExists(): ProblemException {
  return new ProblemException(STATUS.CLIENT_EXISTS, 'CLIENT_EXISTS', 'There is such a client already.');
}

export function clientHasNoSecret(): ProblemException {
  const detail = 'The client proves who it is without a secret.';
  return new ProblemException(STATUS.CLIENT_HAS_NO_SECRET, 'CLIENT_HAS_NO_SECRET', detail);
}
