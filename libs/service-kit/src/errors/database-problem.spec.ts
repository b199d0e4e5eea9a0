import { describe, expect, it } from '@jest/globals';
import { PoolIsFullError } from '../database/bounded-pool.js';
import { databaseProblem } from './database-problem.js';
import { ProblemException } from './problem.exception.js';

const withCode = (code: string) => Object.assign(new Error('secret'), { code });

describe('databaseProblem', () => {
  it.each([
    ['refuses connections', withCode('ECONNREFUSED')],
    ['shuts down', withCode('57P01')],
    ['starts up', withCode('57P03')],
    ['has no connection left', withCode('53300')],
    ['has a full disk', withCode('53100')],
    ['cannot read its disk', withCode('58030')],
    ['has become read-only', withCode('25006')],
    ['has cut the connection', new Error('Connection terminated unexpectedly')],
    ['does not answer', new Error('Query read timeout')],
    ['cannot be connected to in time', new Error('Connection terminated due to connection timeout')],
  ])('is 503 with Retry-After where the database %s, however it is wrapped', (_case, fault) => {
    for (const error of [fault, new Error('Failed query', { cause: fault })]) {
      const problem = databaseProblem(error);
      expect(problem?.getResponse()).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' });
      expect(problem?.headers).toEqual({ 'retry-after': '2' });
      expect(problem?.cause).toBe(error);
      expect(JSON.stringify(problem?.getResponse())).not.toContain('secret');
    }
  });

  it.each([
    ['the pool is full', new PoolIsFullError()],
    ['no connection becomes free in time', new Error('timeout exceeded when trying to connect')],
    ['a statement takes too long', withCode('57014')],
  ])('is 503 OVERLOADED where %s', (_case, fault) => {
    const problem = databaseProblem(new Error('Failed query', { cause: fault }));
    expect(problem?.getResponse()).toMatchObject({ status: 503, code: 'OVERLOADED' });
    expect(problem?.headers).toEqual({ 'retry-after': '2' });
  });

  it.each([
    ['a broken rule of the schema', withCode('23505')],
    [
      'a problem that is meant, whatever its cause',
      new ProblemException(401, 'X', 'x', { cause: withCode('08006') }),
    ],
    ['a bug', new TypeError('x is not a function')],
    ['nothing', undefined],
    ['a string', 'ECONNREFUSED'],
  ])('is silent about %s', (_case, thrown) => {
    expect(databaseProblem(thrown)).toBeUndefined();
  });
});
