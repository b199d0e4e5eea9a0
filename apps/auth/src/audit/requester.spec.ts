import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { requesterOf } from './requester.js';

const userAgentOf = (text: string | undefined) =>
  requesterOf({ ip: '127.0.0.1', headers: { 'user-agent': text } }).userAgent;

describe('what is kept of a user agent', () => {
  it('can be stored and shown, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const kept = userAgentOf(text) ?? '';
        expect(kept.length).toBeLessThanOrEqual(255);
        expect(kept.isWellFormed()).toBe(true);
        // oxlint-disable-next-line no-control-regex -- none may be left
        expect(kept).not.toMatch(/[\u0000-\u001f\u007f]/);
      }),
    );
  });

  it('has no half of a character at its end', () => {
    expect(userAgentOf(`${'x'.repeat(254)}🦊`)).toBe(`${'x'.repeat(254)}\ufffd`);
  });

  it.each([undefined, '', '   ', '\u0000'])('is nothing for %j', (text) => {
    expect(userAgentOf(text)).toBeNull();
  });
});
