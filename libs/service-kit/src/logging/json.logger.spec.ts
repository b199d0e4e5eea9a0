import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { JsonLogger } from './json.logger.js';
import { requestId } from './request-log.js';

function logged(write: (logger: JsonLogger) => void): Record<string, unknown> {
  let line = '';
  const sink = new Writable({ write: (chunk, _encoding, done) => ((line += String(chunk)), done()) });
  write(new JsonLogger('auth', 'trace', sink));
  return JSON.parse(line) as Record<string, unknown>;
}

describe('JsonLogger', () => {
  it('writes one JSON line with service, context and message', () => {
    expect(logged((logger) => logger.warn('slow', 'Database'))).toMatchObject({
      level: 40,
      service: 'auth',
      context: 'Database',
      msg: 'slow',
    });
  });

  it('keeps what a database driver says of rows and parameters out of the log', () => {
    const error = Object.assign(
      new Error('Failed query: insert into users\nparams: ada@example.com,hunter2'),
      {
        code: '23505',
        detail: 'Key (email)=(ada@example.com) already exists.',
        parameters: ['hunter2'],
        cause: Object.assign(new Error('duplicate key'), { code: '23505', detail: 'ada@example.com' }),
      },
    );
    const line = logged((logger) => logger.error(error, 'Errors'));
    expect(line).toMatchObject({ level: 50, err: { type: 'Error', code: '23505' } });
    expect(JSON.stringify(line)).not.toMatch(/hunter2|ada@example\.com/);
  });

  it('does not repeat a value that PostgreSQL quotes', () => {
    const words = 'invalid input syntax for type uuid: "hunter2"';
    const error = Object.assign(new Error(words), { code: '22P02', severity: 'ERROR' });
    const line = logged((logger) => logger.error(error, 'Errors'));
    expect(line).toMatchObject({ msg: 'PostgreSQL refused a statement', err: { code: '22P02' } });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });
});

describe('requestId', () => {
  it('keeps an id that is harmless in a log, and replaces any other', () => {
    expect(requestId({ headers: { 'x-request-id': 'trace-1.a_b' } })).toBe('trace-1.a_b');
    for (const id of [undefined, '', 'a b', 'x"}\n{"', 'x'.repeat(65)]) {
      expect(requestId({ headers: id === undefined ? {} : { 'x-request-id': id } })).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    }
  });
});
