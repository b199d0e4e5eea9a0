import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';

const STATUS = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: ['ok'] } },
};
const DETAILS = {
  type: 'object',
  description: 'What the service needs, by name.',
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up', 'down'] } },
  },
};

/** The routes of the kit itself, which are Fastify's and so unknown to Nest's scanner. */
export function operationsPaths(): OpenAPIObject['paths'] {
  const code = { type: 'string', enum: ['SERVICE_UNAVAILABLE'] };
  const unready = { type: 'object', properties: { code, details: DETAILS } };
  return {
    '/health/live': operation('healthLive', 'Is the process alive?', { 200: answer('It is.', STATUS) }),
    '/health/ready': operation('healthReady', 'Does the service want traffic?', {
      200: answer('It does, and what it needs is there.', {
        ...STATUS,
        properties: { ...STATUS.properties, details: DETAILS },
      }),
      503: answer(
        'Something that it needs is away, or it is stopping: `details` says what.',
        { allOf: [{ $ref: '#/components/schemas/Problem' }, unready] },
        'application/problem+json',
      ),
    }),
  };
}

function operation(operationId: string, summary: string, responses: OperationObject['responses']) {
  return { get: { operationId, tags: ['operations'], summary, security: [], responses } };
}

function answer(description: string, schema: object, mediaType = 'application/json') {
  return { description, content: { [mediaType]: { schema } } };
}
