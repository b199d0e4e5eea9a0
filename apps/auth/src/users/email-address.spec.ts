import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isEmailAddress, normaliseEmail, storedSpellings } from './email-address.js';

/** What is stored for an address that somebody sends; nothing where it is refused. */
function stored(text: string): string | undefined {
  const email = normaliseEmail(text);
  return isEmailAddress(email) ? email : undefined;
}

describe('an e-mail address', () => {
  it.each([
    'ada@corp.example',
    'ADA@Corp.Example',
    '  ada@corp.example ',
    'ada@ⓒorp.example',
    'ada@corp。example',
    'ada@corp．example',
    'ada@ｃｏｒｐ.example',
    'ada@𝐜orp.example',
  ])('is one mailbox as %j', (text) => {
    expect(stored(text)).toBe('ada@corp.example');
  });

  it.each([
    'ada@bücher.example',
    'ada@BÜCHER.example',
    'ada@bu\u0308cher.example',
    'ada@xn--bcher-kva.example',
  ])('has the ASCII form of its domain as %j', (text) => {
    expect(stored(text)).toBe('ada@xn--bcher-kva.example');
  });

  it.each([
    'ada@co\u00adrp.example',
    'ada@corp\u200b.example',
    'ada@corp\u2060.example',
    'a\u200dda@corp.example',
    'a\u034fda@corp.example',
    'a\u3164da@corp.example',
    'ada\ufe0f@corp.example',
    'a da@corp.example',
    'a\u00a0da@corp.example',
    'a\tda@corp.example',
    'a\u009bda@corp.example',
    'a\u202eda@corp.example',
    'a\ue000da@corp.example',
    'ada\ud800@corp.example',
    '"ada"@corp.example',
    '"ada b"@corp.example',
    'ada@xn--corp-.example',
    'ada@xn--corp.example',
    'ada@corp.example／x',
    'ada@corp.example％2e',
    'ada@evil.example＠corp.example',
    'ada@127.1',
    'ada@[127.0.0.1]',
    'ada@corp.example.',
    'ada@corp..example',
    'ada@corp.example:25',
    'ada@',
    'ada',
    `${'a'.repeat(64)}@${'b'.repeat(190)}.example`,
  ])('is refused as %j', (text) => {
    expect(stored(text)).toBeUndefined();
  });

  it('is stored in a form that stays as it is, whatever was sent', () => {
    const text = fc.tuple(fc.string({ unit: 'grapheme' }), fc.domain(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, ([local, domain, noise]) => {
        for (const sent of [`${local}@${domain}`, `${local}@${noise}${domain}`, noise]) {
          const email = stored(sent);
          if (email === undefined) continue;
          expect(stored(email)).toBe(email);
          // oxlint-disable-next-line no-control-regex -- ASCII alone
          expect(email.slice(email.lastIndexOf('@'))).toMatch(/^[\x21-\x7e]+$/);
        }
      }),
    );
  });

  it('is looked for under the spelling that earlier versions stored, too', () => {
    expect(storedSpellings('ada@xn--bcher-kva.example')).toEqual([
      'ada@xn--bcher-kva.example',
      'ada@bücher.example',
    ]);
    expect(storedSpellings('ada@corp.example')).toEqual(['ada@corp.example']);
  });
});
