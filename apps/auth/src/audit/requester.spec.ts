import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addressOf, requesterOf } from './requester.js';

const socket = { remoteAddress: '127.0.0.1' };
const userAgentOf = (text: string | undefined) =>
  requesterOf({ ip: '127.0.0.1', socket, headers: { 'user-agent': text } }).userAgent;

describe('what is kept of a user agent', () => {
  it('can be stored and shown, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const kept = userAgentOf(text) ?? '';
        expect(kept.length).toBeLessThanOrEqual(255);
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).not.toMatch(/\p{Cc}/u);
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

describe('the address of a request', () => {
  it.each([
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['\u009b2Jevil', '127.0.0.1'],
    ['9'.repeat(3004), '127.0.0.1'],
  ])('forwarded as %j is %s', (ip, address) => {
    expect(addressOf({ ip, socket })).toBe(address);
  });
});
