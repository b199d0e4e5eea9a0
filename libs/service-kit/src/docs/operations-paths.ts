import type { OpenAPIObject } from '@nestjs/swagger';

const TAGS = ['operations'];
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
  return {
    '/health/live': {
      get: {
        operationId: 'healthLive',
        tags: TAGS,
        summary: 'Is the process alive?',
        security: [],
        responses: { 200: answer('It is.', STATUS) },
      },
    },
    '/health/ready': {
      get: {
        operationId: 'healthReady',
        tags: TAGS,
        summary: 'Does the service want traffic?',
        security: [],
        responses: {
          200: answer('It does, and what it needs is there.', {
            ...STATUS,
            properties: { ...STATUS.properties, details: DETAILS },
          }),
          503: {
            description: 'Something that it needs is away, or it is stopping: `details` says what.',
            content: {
              'application/problem+json': {
                schema: {
                  allOf: [
                    { $ref: '#/components/schemas/Problem' },
                    {
                      type: 'object',
                      properties: {
                        code: { type: 'string', enum: ['SERVICE_UNAVAILABLE'] },
                        details: DETAILS,
                      },
                    },
                  ],
                },
              },
            },
          },
        },
      },
    },
  };
}

function answer(description: string, schema: object) {
  return { description, content: { 'application/json': { schema } } };
}
