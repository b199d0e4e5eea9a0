import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { formatRefreshToken, macInput, parseRefreshToken, type RefreshToken } from './refresh-token.js';

const tokens: fc.Arbitrary<RefreshToken> = fc.record({
  sessionId: fc.uuid(),
  counter: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  mac: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
});

describe('a refresh token', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(tokens, (token) => expect(parseRefreshToken(formatRefreshToken(token))).toEqual(token)),
    );
  });

  it('has one spelling: whatever text is read is what would be written', () => {
    const texts = fc.oneof(
      fc.string({ minLength: 70, maxLength: 74 }),
      fc.base64String({ minLength: 72, maxLength: 72 }),
      tokens.map((token) => formatRefreshToken(token)),
      fc.tuple(tokens, fc.nat(71), fc.string({ minLength: 1, maxLength: 1 })).map(([token, at, letter]) => {
        const text = formatRefreshToken(token);
        return text.slice(0, at) + letter + text.slice(at + 1);
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const token = parseRefreshToken(text);
        if (token !== undefined) expect(formatRefreshToken(token)).toBe(text);
      }),
    );
  });

  it('is nothing of another length or alphabet', () => {
    fc.assert(
      fc.property(tokens, fc.string({ minLength: 1, maxLength: 3 }), (token, more) => {
        const text = formatRefreshToken(token);
        for (const other of [text + more, more + text, text.slice(more.length), `${text}\n`]) {
          expect(parseRefreshToken(other)).toBeUndefined();
        }
      }),
    );
    for (const text of ['', ' '.repeat(72), '='.repeat(72), 'ä'.repeat(72), `${'A'.repeat(71)}\n`]) {
      expect(parseRefreshToken(text)).toBeUndefined();
    }
  });

  it('gives no two pairs of session and counter the same input of the MAC', () => {
    fc.assert(
      fc.property(tokens, tokens, (a, b) => {
        const isSame = a.sessionId === b.sessionId && a.counter === b.counter;
        expect(macInput(a.sessionId, a.counter).equals(macInput(b.sessionId, b.counter))).toBe(isSame);
      }),
    );
  });
});
