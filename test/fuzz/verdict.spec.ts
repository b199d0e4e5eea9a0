import { describe, expect, it } from '@jest/globals';
import type { Answer } from './client.ts';
import { Contract } from './contract.ts';
import { complaint, type Asked } from './verdict.ts';

const route = { method: 'GET', query: {}, fields: undefined, required: [], errorTypes: [] };
const CONTRACT = new Contract([
  { ...route, path: '/health/live', isPublic: true },
  { ...route, path: '/tasks', isPublic: false },
  { ...route, path: '/oauth/token', isPublic: true, errorTypes: ['application/json'] },
]);
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

describe('the verdict on an answer', () => {
  it.each<[string, Asked, Answer]>([
    ['a success', GOOD, answer(200, { body: '' })],
    ['a refusal in the agreed form', GOOD, answer(404)],
    ['overload that says when to come back', GOOD, answer(503, { headers: { 'retry-after': '2' } })],
    ['401 without a token', NOBODY, answer(401)],
    ['a public route without a token', { ...NOBODY, path: '/health/live?x=1' }, answer(200)],
    ['a public route, written otherwise', { ...NOBODY, path: '/health/liv%65', method: 'HEAD' }, answer(200)],
    [
      'an error of a type that the route describes',
      { ...NOBODY, path: '/oauth/token' },
      answer(400, { headers: { 'content-type': 'application/json' }, body: '{"error":"invalid_request"}' }),
    ],
    ['the name of a field, which may be any', GOOD, answer(400, { detail: 'is not a known field' })],
  ])('has nothing against %s', (_case, asked, answered) => {
    expect(complaint(asked, answered, CONTRACT)).toBeUndefined();
  });

  it.each<[string, Asked, Answer]>([
    ['500', GOOD, answer(500)],
    ['502', GOOD, answer(502)],
    ['503 that does not say when to come back', GOOD, answer(503)],
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
