import { describe, expect, it } from '@jest/globals';
import type { Answer } from './client.ts';
import { Contract } from './contract.ts';
import { routesIn } from './routes.ts';
import { complaint, type Asked } from './verdict.ts';

/** As `/docs-json` describes routes. */
const problem = {
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const json = { content: { 'application/json': { schema: { type: 'object', required: ['id'] } } } };
const errors = { 400: problem, 401: problem, 404: problem, 503: problem };
const CONTRACT = new Contract(
  routesIn({
    paths: {
      '/health/live': { get: { responses: { 200: json, ...errors } } },
      '/tasks': { get: { security: [{ bearer: [] }], responses: { 200: json, 204: {}, ...errors } } },
      '/oauth/token': { get: { responses: { 400: { content: { 'application/json': { schema: {} } } } } } },
    },
    components: {
      schemas: {
        Problem: {
          type: 'object',
          required: ['title', 'status', 'code'],
          properties: { code: { enum: ['SOME_CODE'] } },
        },
      },
    },
  }),
);
const GOOD: Asked = { method: 'GET', path: '/tasks', credential: 'good' };
const NOBODY: Asked = { ...GOOD, credential: 'none' };

function answer(
  status: number,
  { headers = {}, ...more }: Partial<Answer> & { detail?: string } = {},
): Answer {
  const { body, detail = 'It is so.' } = more;
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
    body: body ?? JSON.stringify({ title: 'Problem', status, code: 'SOME_CODE', detail, errors: [] }),
  };
}

const TOO_LARGE = { title: 'Problem', status: 413, code: 'BODY_TOO_LARGE' };
const OTHER_CODE = { title: 'Problem', status: 404, code: 'OTHER_CODE' };
const JSON_TYPE = { 'content-type': 'application/json' };
const SUCCESS = answer(200, { headers: JSON_TYPE, body: '{"id":"1"}' });

describe('the verdict on an answer', () => {
  it.each<[string, Asked, Answer]>([
    ['a success', GOOD, SUCCESS],
    ['a success without a body', GOOD, answer(204, { body: '' })],
    ['a refusal in the agreed form', GOOD, answer(404)],
    ['overload that says when to come back', GOOD, answer(503, { headers: { 'retry-after': '2' } })],
    ['401 without a token', NOBODY, answer(401)],
    ['a public route without a token', { ...NOBODY, path: '/health/live?x=1' }, SUCCESS],
    ['a public route, written otherwise', { ...NOBODY, path: '/health/liv%65', method: 'HEAD' }, SUCCESS],
    [
      'an error of a type that the route describes',
      { ...NOBODY, path: '/oauth/token' },
      answer(400, { headers: JSON_TYPE, body: '{"error":"invalid_request"}' }),
    ],
    ['a refusal of what no route can read', GOOD, answer(413, { body: JSON.stringify(TOO_LARGE) })],
    ['a refusal where there is no route', { ...GOOD, path: '/tasks/1' }, answer(404)],
    ['the name of a field, which may be any', GOOD, answer(400, { detail: 'is not a known field' })],
  ])('has nothing against %s', (_case, asked, answered) => {
    expect(complaint(asked, answered, CONTRACT)).toBeUndefined();
  });

  it.each<[string, Asked, Answer]>([
    ['500', GOOD, answer(500)],
    ['502', GOOD, answer(502)],
    ['503 that does not say when to come back', GOOD, answer(503)],
    ['a status that the route does not describe', GOOD, answer(409)],
    ['a status that no request without a route gets', { ...GOOD, path: '/tasks/1' }, answer(409)],
    ['a code that the route does not describe', GOOD, answer(404, { body: JSON.stringify(OTHER_CODE) })],
    ['a success that lacks a field', GOOD, { ...SUCCESS, body: '{}' }],
    ['a success of another type', GOOD, answer(200, { headers: { 'content-type': 'text/html' } })],
    ['a body where none is described', GOOD, answer(204)],
    ['an error of another type', GOOD, answer(404, { headers: { 'content-type': 'text/html' } })],
    ['an error without a body', GOOD, answer(404, { body: '' })],
    ['an error without a code', GOOD, answer(404, { body: '{"status":404}' })],
    ['an error that names another status', GOOD, answer(404, { body: '{"status":400,"code":"X_Y"}' })],
    ['a stack', GOOD, answer(400, { detail: 'Error at run (file:///app/main.js:1:1)' })],
    ['SQL', GOOD, answer(400, { detail: 'Failed query: select "id" from "tasks"' })],
    ['words of a library', GOOD, answer(400, { detail: 'property then should not exist' })],
    ['success without a token', NOBODY, answer(200)],
    ['success with a bad token', { ...GOOD, credential: 'tampered' }, answer(200)],
    ['another refusal than 401 without a token', NOBODY, answer(404)],
  ])('is against %s', (_case, asked, answered) => {
    expect(complaint(asked, answered, CONTRACT)).toEqual(expect.any(String));
  });
});
