import type { FastifyInstance } from 'fastify';
import { ProblemException } from './problem.exception.js';

/** RFC 9110 §8.3.1, without the parameters. */
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/;

const EMPTY = 'The request body is empty where JSON is expected.';

/** Stands in for a body that could not be read, until somebody asks for the body. */
export class UnreadableBody {
  constructor(readonly cause: ProblemException) {}
}

/**
 * Reads JSON bodies and no others. What cannot be read is not refused here but where a handler takes the body
 * (`StrictValidationPipe`), which is after the guards: without a token every request is 401, whatever it carries.
 */
export function parseJsonBodies(fastify: FastifyInstance): void {
  // Fastify itself refuses what is no media type, and a QUERY without one, before the guards.
  fastify.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const { 'content-type': type = method === 'QUERY' ? '' : undefined } = headers;
    if (type !== undefined && !MEDIA_TYPE.test(type)) headers['content-type'] = 'application/octet-stream';
    done();
  });
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, new UnreadableBody(malformedJson(EMPTY)));
    void parseJson(request, String(text), (error, body) =>
      done(null, error ? new UnreadableBody(malformedJson()) : body),
    );
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) =>
    done(null, new UnreadableBody(unsupportedMediaType())),
  );
}

export function malformedJson(detail = 'The request body is not valid JSON.'): ProblemException {
  return new ProblemException(400, 'MALFORMED_JSON', detail);
}

export function unsupportedMediaType(): ProblemException {
  return new ProblemException(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'The request body must be JSON, sent as application/json.',
  );
}
