import type { HttpException } from '@nestjs/common';
import type { ComponentsObject, ResponsesObject, SchemaObject } from '@nestjs/swagger';
import { isProblem, type Problem } from '../errors/index.js';

const MEDIA_TYPE = 'application/problem+json';

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details (RFC 9457). Programs branch on `code`, never on `detail`.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', example: 'about:blank' },
    title: { type: 'string', description: 'The phrase of the status.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'For people.' },
    code: { type: 'string', description: 'Stable, in SCREAMING_SNAKE_CASE.' },
    errors: {
      type: 'array',
      description: 'With `VALIDATION_FAILED`: what is wrong with which member of the request.',
      items: { $ref: '#/components/schemas/FieldError' },
    },
  },
} satisfies SchemaObject;

const FIELD_ERROR_SCHEMA = {
  type: 'object',
  required: ['field', 'message'],
  properties: {
    field: { type: 'string', example: 'password', description: 'Its path in the body or the query.' },
    message: { type: 'string', example: 'must be at least 15 characters long' },
  },
} satisfies SchemaObject;

/** What headers of problems mean. */
const HEADERS = {
  'Retry-After': text('Seconds until another try makes sense.'),
  'WWW-Authenticate': text('The challenge (RFC 6750 §3).'),
};

function text(description: string) {
  return { description, schema: { type: 'string' as const } };
}

/** Adds the schemas that every described problem refers to. */
export function addProblemSchemas(components: ComponentsObject): void {
  components.schemas = { ...components.schemas, Problem: PROBLEM_SCHEMA, FieldError: FIELD_ERROR_SCHEMA };
  components.examples ??= {};
}

/** Adds a response for each status of these problems; what a route documents in more detail itself stays. */
export function addProblemResponses(
  responses: ResponsesObject,
  exceptions: readonly HttpException[],
  components: ComponentsObject,
): void {
  for (const [status, ofStatus] of Map.groupBy(exceptions, (exception) => exception.getStatus())) {
    const known = responses[String(status)];
    if (known && ('$ref' in known || known.content)) continue;
    const problems = ofStatus.map((exception) => exception.getResponse()).filter((body) => isProblem(body));
    const byCode = new Map(problems.map((each) => [each.code, each]));
    for (const [code, value] of byCode) components.examples![code] ??= { summary: value.detail, value };
    const description = known?.description || [...byCode.values()].map(explanation).join('\n');
    responses[String(status)] = {
      description,
      ...headersOf(ofStatus),
      content: {
        [MEDIA_TYPE]: { schema: schemaOf([...byCode.keys()]), examples: examplesOf(byCode.keys()) },
      },
    };
  }
}

function explanation({ code, detail }: Problem): string {
  return `- \`${code}\`: ${detail}`;
}

function schemaOf(codes: string[]) {
  return {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', required: ['code'], properties: { code: { type: 'string', enum: codes } } },
    ],
  };
}

function examplesOf(codes: Iterable<string>) {
  return Object.fromEntries(Array.from(codes, (code) => [code, { $ref: `#/components/examples/${code}` }]));
}

function headersOf(exceptions: readonly HttpException[]) {
  const sent = new Set(exceptions.flatMap(headerNames));
  const headers = Object.entries(HEADERS).filter(([name]) => sent.has(name.toLowerCase()));
  return headers.length > 0 && { headers: Object.fromEntries(headers) };
}

function headerNames(exception: HttpException): string[] {
  const { headers = {} } = exception as { headers?: Readonly<Record<string, string>> };
  return Object.keys(headers).map((name) => name.toLowerCase());
}
