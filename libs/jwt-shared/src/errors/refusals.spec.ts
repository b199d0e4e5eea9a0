import { describe, expect, it } from '@jest/globals';
import { TokenRejected } from '../token/token-rejected.error.js';
import { insufficientScope, invalidToken, problemOf, revocationsStale, unauthorized } from './problems.js';

/** Whoever floods a service decides how many of these are made. */
describe('a refusal', () => {
  it.each<[string, () => Error | undefined]>([
    ['a rejected token', () => new TokenRejected('signature')],
    ['no credential', unauthorized],
    ['a bad token', invalidToken],
    ['an expired token', () => problemOf(new TokenRejected('expired', 'Token expired'))],
    ['a token that may not do this', insufficientScope],
    ['revocations that are not known', revocationsStale],
  ])('of %s takes no stack, and leaves other errors theirs', (_of, make) => {
    expect(make()?.stack).not.toContain('\n');
    expect(new Error('another').stack).toContain('\n    at ');
  });
});
