import { describe, expect, it } from '@jest/globals';
import { MAX_TOKEN_LENGTH, parseCompactJws } from './compact-jws.js';

const encode = (text: string) => Buffer.from(text).toString('base64url');
const HEADER = encode('{"alg":"HS256"}');
const PAYLOAD = encode('{"sub":"alice"}');
const SIGNATURE = 'A'.repeat(43);
const GOOD = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;

describe('the compact form', () => {
  it('is taken apart', () => {
    expect(parseCompactJws(GOOD)).toEqual({
      header: { alg: 'HS256' },
      payload: { sub: 'alice' },
      signature: Buffer.alloc(32),
      signingInput: `${HEADER}.${PAYLOAD}`,
    });
  });

  it('is taken apart the same way every time (no state is left in a regular expression)', () => {
    for (let i = 0; i < 5; i++) expect(parseCompactJws(GOOD).payload).toEqual({ sub: 'alice' });
  });

  it.each([
    ['nothing', ''],
    ['one part', HEADER],
    ['two parts', `${HEADER}.${PAYLOAD}`],
    ['four parts', `${GOOD}.${SIGNATURE}`],
    ['the five parts of a JWE', `${GOOD}.${SIGNATURE}.${SIGNATURE}`],
    ['an empty header', `.${PAYLOAD}.${SIGNATURE}`],
    ['an empty payload', `${HEADER}..${SIGNATURE}`],
    ['an empty signature', `${HEADER}.${PAYLOAD}.`],
    ['dots only', '..'],
    ['a blank before', ` ${GOOD}`],
    ['a blank after', `${GOOD} `],
    ['a line feed after', `${GOOD}\n`],
    ['a NUL after', `${GOOD}\0`],
    ['a blank within', `${HEADER}. ${PAYLOAD}.${SIGNATURE}`],
    ['padding', `${GOOD}=`],
    ['padding in the header', `${HEADER}=.${PAYLOAD}.${SIGNATURE}`],
    ['the plus of base64', `${HEADER}.${PAYLOAD}.+${SIGNATURE.slice(1)}`],
    ['the slash of base64', `${HEADER}.${PAYLOAD}./${SIGNATURE.slice(1)}`],
    ['a full-width letter', `${HEADER}.${PAYLOAD}.Ａ${SIGNATURE.slice(1)}`],
    ['percent-encoding', GOOD.replace('.', '%2e')],
    ['quotes', `"${GOOD}"`],
    ['a length that no bytes have', `${HEADER}.${PAYLOAD}.${SIGNATURE}AA`],
    ['loose bits after one byte', `${HEADER}.${PAYLOAD}.AB`],
    ['loose bits after two bytes', `${HEADER}.${PAYLOAD}.AAB`],
    ['loose bits in the payload', `${HEADER}.${encode('{"a":1}').slice(0, -1)}R.${SIGNATURE}`],
    ['an array as payload', `${HEADER}.${encode('[{"sub":"alice"}]')}.${SIGNATURE}`],
    ['an array as header', `${encode('["HS256"]')}.${PAYLOAD}.${SIGNATURE}`],
    ['a text as payload', `${HEADER}.${encode('"alice"')}.${SIGNATURE}`],
    ['null as payload', `${HEADER}.${encode('null')}.${SIGNATURE}`],
    ['a byte order mark', `${HEADER}.${encode('\ufeff{"sub":"alice"}')}.${SIGNATURE}`],
    ['a claim that is named twice', `${HEADER}.${encode('{"sub":"alice","sub":"bob"}')}.${SIGNATURE}`],
    [
      'a header member that is named twice',
      `${encode('{"alg":"HS256","alg":"none"}')}.${PAYLOAD}.${SIGNATURE}`,
    ],
    ['the JSON form', JSON.stringify({ payload: PAYLOAD, protected: HEADER, signature: SIGNATURE })],
    [
      'one character too many',
      `${HEADER}.${PAYLOAD}.${'A'.repeat(MAX_TOKEN_LENGTH - HEADER.length - PAYLOAD.length - 1)}`,
    ],
  ])('has no room for %s', (_, token) => {
    expect(() => parseCompactJws(token)).toThrow(
      expect.objectContaining({ name: 'TokenRejected', reason: 'malformed' }),
    );
  });

  it('may be 4 KiB long', () => {
    const pad = 4096 - HEADER.length - PAYLOAD.length - 2;
    expect(parseCompactJws(`${HEADER}.${PAYLOAD}.${'A'.repeat(pad)}`).signature.length).toBe(
      Math.floor((pad * 3) / 4),
    );
  });

  it.each([undefined, null, 42, {}, ['a', 'b', 'c'], { toString: () => GOOD }])(
    'is a string, not %p',
    (token) => {
      expect(() => parseCompactJws(token as string)).toThrow(
        expect.objectContaining({ reason: 'malformed' }),
      );
    },
  );
});
