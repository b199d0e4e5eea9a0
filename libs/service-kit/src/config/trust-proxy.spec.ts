import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './read-environment.js';
import { IsTrustProxy, type TrustProxy } from './trust-proxy.js';

class Sample {
  @IsTrustProxy()
  TRUST_PROXY?: TrustProxy;
}
const read = (TRUST_PROXY?: string) => readEnvironment(Sample, {}, { TRUST_PROXY }).TRUST_PROXY;

describe('TRUST_PROXY', () => {
  it('is a number of hops, or a list of addresses and blocks, and nobody where it is unset', () => {
    expect(read('2')).toBe(2);
    expect(read('10.0.0.0/8, 2001:db8::/32,192.0.2.1')).toEqual(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']);
    expect(read()).toBeUndefined();
  });

  it.each([
    '0',
    '11',
    '-1',
    'true',
    '*',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/x',
    '0.0.0.0/0',
    '1.2.3.4,',
  ])('refuses %s', (text) => {
    expect(() => read(text)).toThrow('TRUST_PROXY must be the number of proxies');
  });
});
