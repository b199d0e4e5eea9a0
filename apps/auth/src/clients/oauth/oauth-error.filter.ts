import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OAuthError } from '../oauth-error.js';

/** Answers in the form of RFC 6749 §5.2, which every OAuth client library reads. */
@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter<OAuthError> {
  catch(error: OAuthError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(error.getStatus())
      .headers(error.headers)
      .type('application/json')
      .send(error.getResponse());
  }
}
