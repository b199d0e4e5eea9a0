import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/**
 * Says once that requests come through a proxy nobody has told us of: all its callers are one caller to every limit
 * then. Or somebody plays one, which changes nothing.
 */
export function warnOfUnknownProxy(fastify: FastifyInstance): void {
  let isTold = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isTold && request.headers['x-forwarded-for'] !== undefined) {
      isTold = true;
      new Logger('Service').warn(
        'A request has X-Forwarded-For, which is ignored: if there is a proxy, set TRUST_PROXY',
      );
    }
    done();
  });
}
