import { HttpException } from '@nestjs/common';
import { isProblem, problem, type Problem } from './problem.exception.js';

/** What Fastify refuses before a handler runs, in our words: a library's words never reach a caller. */
const FASTIFY_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: problem(413, 'BODY_TOO_LARGE', 'The request body must not exceed 16 KiB.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'The Content-Type is not valid.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem(
    400,
    'MALFORMED_REQUEST',
    'The request body is not as long as its Content-Length says.',
  ),
  FST_ERR_BAD_URL: problem(400, 'MALFORMED_URL', 'The request path is not a valid URL path.'),
};

const BY_STATUS: Readonly<Record<number, Problem>> = {
  400: problem(400, 'MALFORMED_REQUEST', 'The request could not be understood.'),
  401: problem(401, 'UNAUTHORIZED', 'Unauthorized'),
  403: problem(403, 'FORBIDDEN', 'This is not allowed.'),
  404: problem(404, 'NOT_FOUND', 'There is nothing at this address.'),
  503: problem(503, 'SERVICE_UNAVAILABLE', 'The service cannot answer right now.'),
};
const INTERNAL = problem(500, 'INTERNAL_ERROR', 'Something went wrong on our side.');

/** The public face of whatever was thrown; anything unknown is a 500 that tells nothing. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof HttpException) {
    const response = thrown.getResponse();
    return isProblem(response)
      ? response
      : (fastifyProblem(thrown.cause) ?? problemOfStatus(thrown.getStatus()));
  }
  return fastifyProblem(thrown) ?? INTERNAL;
}

/** Nest wraps what Fastify throws, and keeps it as the cause. */
function fastifyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode = 500 } = error as { code?: string; statusCode?: number };
  const isClientError = statusCode >= 400 && statusCode < 500;
  return FASTIFY_PROBLEMS[code ?? ''] ?? (isClientError ? problemOfStatus(statusCode) : undefined);
}

/** What is said where nothing but the status is known. */
export function problemOfStatus(status: number): Problem {
  if (status >= 500 && status !== 503) return INTERNAL;
  return BY_STATUS[status] ?? problem(status, 'REQUEST_REFUSED', 'The request was refused.');
}
