import { describe, expect, it } from '@jest/globals';
import { optionsFromEnvironment } from '../jwt.config.js';
import { productionGaps } from './production-gaps.js';

const production = { NODE_ENV: 'production' };
const gaps = (role: 'issuer' | 'service', environment: Record<string, string>) =>
  Object.keys(productionGaps(role, environment));

describe('what has to be set in production', () => {
  it('is nothing anywhere else', () => {
    expect(gaps('service', {})).toEqual([]);
    expect(gaps('issuer', { NODE_ENV: 'test' })).toEqual([]);
  });

  it.each<[string, 'issuer' | 'service', Record<string, string>, string[]]>([
    ['a service', 'service', {}, ['JWT_ISSUER', 'AUTH_URL']],
    ['a service that is told', 'service', { JWT_ISSUER: 'x', AUTH_URL: 'https://a.example' }, []],
    ['an empty variable', 'service', { JWT_ISSUER: '', AUTH_URL: '' }, ['JWT_ISSUER', 'AUTH_URL']],
    ['tokens without an issuer', 'service', { JWT_PROFILE: 'bare' }, ['AUTH_URL']],
    ['a feed of its own', 'service', { JWT_ISSUER: 'x', REVOCATION_FEED_URL: 'https://a.example' }, []],
    [
      'keys without an address',
      'service',
      { JWT_ISSUER: 'x', REVOCATION_FEED_URL: 'https://a.example', JWT_ALGORITHM: 'ES256' },
      ['AUTH_URL'],
    ],
    ['auth', 'issuer', {}, ['JWT_ISSUER']],
    ['auth whose issuer is its address', 'issuer', { JWT_ISSUER: 'https://a.example' }, []],
    ['auth whose issuer is a name', 'issuer', { JWT_ISSUER: 'signet' }, ['AUTH_URL']],
  ])('of %s', (_case, role, environment, names) => {
    expect(gaps(role, { ...production, ...environment })).toEqual(names);
  });

  it('is asked for by the one-call module as well', () => {
    const environment = {
      ...production,
      JWT_SECRET: 'f'.repeat(8) + '0123456789abcdef0123456789abcdef',
      REVOCATION_FEED_KEY: '0123456789abcdef'.repeat(4),
    };
    expect(() => optionsFromEnvironment(environment)).toThrow(/JWT_ISSUER must be .*\n.*AUTH_URL must be /s);
  });
});
