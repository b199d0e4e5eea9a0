import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseStrictObject } from './strict-json.js';

const parse = (text: string) => parseStrictObject(Buffer.from(text, 'utf8'));

describe('a strict JSON object', () => {
  it.each([
    ['plainly', '{"sub":"a","sub":"b"}'],
    ['by an escape of one letter', String.raw`{"sub":"a","s\u0075b":"b"}`],
    ['by escapes of all letters', String.raw`{"exp":1,"\u0065\u0078\u0070":2}`],
    ['with an empty name', '{"":1,"":2}'],
    ['of an index', '{"1":1,"1":1}'],
    ['of __proto__', '{"__proto__":1,"__proto__":2}'],
    ['in a nested object', '{"cnf":{"jkt":"a","jkt":"b"}}'],
    ['in an object in an array', '{"a":[{"b":1,"b":1}]}'],
    ['apart', '{"a":1,"b":{"c":[]},"a":1}'],
  ])('refuses a member that is named twice: %s', (_, text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  it.each([
    '{"a:b":"c:d"}',
    String.raw`{"a\"":":","b\\":":"}`,
    '{"a":{"a":{"a":1}}}',
    '{"a":[{"b":1},{"b":1}]}',
    '{}',
  ])('is not taken in by colons, quotes and equal names elsewhere: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '[]',
    '[{"sub":"a"}]',
    'null',
    '1',
    '"a"',
    'true',
    '',
    '{"a":1}x',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
  ])('is nothing else: %s', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  it.each([
    ['a byte order mark', Buffer.from('\ufeff{}')],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d])],
    ['a lone surrogate in UTF-8', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['Latin-1', Buffer.from('{"name":"Zoë"}', 'latin1')],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseStrictObject(bytes)).toThrow(SyntaxError);
  });

  it('refuses nesting that could exhaust the stack', () => {
    expect(() => parse(`{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`)).toThrow(SyntaxError);
    expect(() => parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)).toThrow(SyntaxError);
  });

  it('takes whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('finds any member that is written a second time, wherever and however', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, fc.nat(), fc.boolean(), (members, pick, isEscaped) => {
        const again = members[pick % members.length] ?? '';
        const escaped = Array.from({ length: again.length }, (_, at) =>
          unicodeEscape(again.charCodeAt(at)),
        ).join('');
        const written = [
          ...members.map((name) => JSON.stringify(name)),
          isEscaped ? `"${escaped}"` : JSON.stringify(again),
        ];
        expect(() => parse(`{${written.map((name) => `${name}:1`).join(',')}}`)).toThrow(SyntaxError);
      }),
    );
  });
});

function unicodeEscape(unit: number): string {
  return String.raw`\u${unit.toString(16).padStart(4, '0')}`;
}
