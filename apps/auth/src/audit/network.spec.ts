import { describe, expect, it } from '@jest/globals';
import { networkOf, parseAddress, siteOf } from './network.js';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:20001', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:80', '192.0.2.7'],
    ['2001:0DB8:0001:0002:0:0:0:9', '2001:db8:1:2::9'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('reads %s as %s', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '192.0.2.256',
    '192.0.2.7:x',
    '192.0.2.07',
    '2001:db8::1]:443',
    '[192.0.2.7',
    '\u009b2J192.0.2.7',
    '192.0.2.7, 192.0.2.8',
    '1'.repeat(3004),
  ])('takes %j for no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('networkOf and siteOf', () => {
  it('are the address itself in IPv4', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(siteOf('192.0.2.7')).toBe('192.0.2.7');
  });

  it.each(['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'])(
    'are the first 64 and 48 bits of %s',
    (ip) => {
      expect(networkOf(ip)).toBe('2001:db8:1:2::/64');
      expect(siteOf(ip)).toBe('2001:db8:1::/48');
    },
  );

  it('keep neighbours apart', () => {
    expect(networkOf('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64');
    expect(siteOf('2001:db8:2:2::1')).toBe('2001:db8:2::/48');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
  });
});
