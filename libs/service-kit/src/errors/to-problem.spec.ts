import { describe, expect, it } from '@jest/globals';
import { HttpException, ServiceUnavailableException } from '@nestjs/common';
import { ProblemException } from './problem.exception.js';
import { toProblem } from './to-problem.js';

const INTERNAL = { status: 500, code: 'INTERNAL_ERROR', detail: 'Something went wrong on our side.' };

describe('toProblem', () => {
  it('keeps a problem as it was meant', () => {
    const thrown = new ProblemException(404, 'TASK_NOT_FOUND', 'There is no such task.');
    expect(toProblem(thrown)).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such task.',
      code: 'TASK_NOT_FOUND',
    });
  });

  it('keeps a problem of a library that does not know this one, as the guard', () => {
    const problem = {
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'No.',
      code: 'USER_REQUIRED',
    };
    expect(toProblem(new HttpException(problem, 403))).toEqual(problem);
  });

  it.each<[string, unknown]>([
    ['an error of the database', Object.assign(new Error('select secret from users'), { code: '23505' })],
    ['a thrown string', 'select secret'],
    ['nothing', undefined],
    ['an exception with a 5xx status', new HttpException('upstream secret', 502)],
    ['an error that claims a 5xx status', Object.assign(new Error('secret'), { statusCode: 503 })],
  ])('says nothing of %s', (_case, thrown) => {
    const answer = toProblem(thrown);
    expect(answer).toMatchObject(INTERNAL);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('keeps the status of an exception that is no problem, in our words', () => {
    expect(toProblem(new ServiceUnavailableException({ database: 'secret' }))).toMatchObject({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(toProblem(new HttpException('secret', 418))).toMatchObject({
      status: 418,
      code: 'REQUEST_REFUSED',
    });
  });

  it('knows what Fastify refuses, wrapped by Nest or not', () => {
    const tooLarge = Object.assign(new Error('secret'), {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      statusCode: 413,
    });
    const wrapped = new HttpException('secret', 413, { cause: tooLarge });
    for (const thrown of [tooLarge, wrapped])
      expect(toProblem(thrown)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });
});
