import { describe, expect, it } from '@jest/globals';
import { readUser, RejectedRow } from './imported-user.js';

const ROW = {
  email: 'ada@example.com',
  password_hash: '$2y$05$SUJ081T5fA1S6tgxfPmOMeGrh08J.hQ3O5vHs6JXvnWEpK723VWB2',
};

describe('a row about a person', () => {
  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00.123456+00:00', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31 12:00:00.123456+00', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31 12:00:00-0330', '2026-01-31T15:30:00.000Z'],
    ['2026-01-31 12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('may say when it was made: %s', (created_at, time) => {
    expect(readUser({ ...ROW, created_at }).createdAt?.toISOString()).toBe(time);
  });

  it.each([
    ['true', true],
    ['T', true],
    ['1', true],
    [true, true],
    [1, true],
    ['false', false],
    ['f', false],
    ['', false],
    [null, false],
    [undefined, false],
  ])('may say whether its address is verified: %p', (email_verified, isVerified) => {
    expect(readUser({ ...ROW, email_verified }).emailVerified).toBe(isVerified);
  });

  it.each([
    [{ email: '' }, 'email is missing'],
    [{ email: 'ada' }, 'email is not an e-mail address'],
    [{ email: `${'a'.repeat(250)}@example.com` }, 'email is not an e-mail address'],
    [{ email: '\ud800@example.com' }, 'email is not an e-mail address'],
    [{ email: ['ada@example.com'] }, 'email is not an e-mail address'],
    [{ password_hash: null }, 'password_hash is missing'],
    [{ password_hash: 7 }, 'password_hash is not a string'],
    [{ password_hash: 'a long and quiet evening' }, 'password_hash is of no kind that is known'],
    [{ id: '42' }, 'id is not a UUID; leave the column out, and a new one is made'],
    [{ id: 42 }, 'id is not a UUID; leave the column out, and a new one is made'],
    [{ email_verified: 'maybe' }, 'email_verified is neither true nor false'],
    [{ email_verified: {} }, 'email_verified is neither true nor false'],
    [{ created_at: 'yesterday' }, 'created_at is not a time as in 2026-01-31T12:00:00Z'],
    [{ created_at: 1_700_000_000 }, 'created_at is not a time as in 2026-01-31T12:00:00Z'],
    [{ created_at: '2026-02-30' }, 'created_at is no time that there is'],
    [{ created_at: '2026-01-31T25:00:00Z' }, 'created_at is no time that there is'],
    [{ created_at: '2999-01-01' }, 'created_at lies in the future'],
  ])('with %p is rejected', (fault, reason) => {
    expect(() => readUser({ ...ROW, ...fault })).toThrow(new RejectedRow(reason));
  });
});
