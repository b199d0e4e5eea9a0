import { describe, expect, it } from '@jest/globals';
import { failureOf } from './mail-failure.js';

const error = (code: string, responseCode?: number) =>
  Object.assign(new Error('550 5.1.1 <ada@example.com> unknown'), { code, responseCode });

describe('a mail that could not be sent', () => {
  it.each([
    ['the recipient was refused for good', error('EENVELOPE', 550), true, 'EENVELOPE 550'],
    ['the content was refused for good', error('EMESSAGE', 554), true, 'EMESSAGE 554'],
    ['the recipient was refused for now', error('EENVELOPE', 450), false, 'EENVELOPE 450'],
    ['the login was refused, which an operator can mend', error('EAUTH', 535), false, 'EAUTH 535'],
    ['the server was away', error('ECONNECTION'), false, 'ECONNECTION'],
    ['something without a code happened', new Error('ada@example.com'), false, 'unknown'],
    ['the code has words', error('550 ada@example.com'), false, 'unknown'],
  ])('because %s', (_case, thrown, isFinal, reason) => {
    expect(failureOf(thrown)).toEqual({ isFinal, reason });
  });
});
