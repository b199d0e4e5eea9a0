import { describe, expect, it } from '@jest/globals';
import { isAudience, isScope, scopesIn } from './client-grant.js';
import { isClientId } from './client-id.js';

describe('a client id', () => {
  it.each(['reports', 'a1', 'order-service-2', `a${'b'.repeat(62)}`])('may be %s', (id) => {
    expect(isClientId(id)).toBe(true);
  });

  it.each(['', 'a', 'Reports', '1st', '-a', 'a_b', 'a.b', 'a b', `a${'b'.repeat(63)}`, 'reports\n', '../x'])(
    'cannot be "%s"',
    (id) => expect(isClientId(id)).toBe(false),
  );

  it('is never a UUID, which is the id of a user', () => {
    expect(isClientId('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')).toBe(false);
  });
});

describe('a scope and an audience', () => {
  it.each(['tasks:read', 'https://api.example.com/tasks', '!'])('"%s" is a scope', (text) => {
    expect(isScope(text)).toBe(true);
  });

  it.each(['', 'a b', 'a"b', 'a\\b', 'ä', 'a\n', 'a'.repeat(129)])('"%s" is none', (text) => {
    expect(isScope(text)).toBe(false);
  });

  it('an audience has no comma, which separates those of JWT_AUDIENCE', () => {
    expect(isAudience('https://business.example.com/')).toBe(true);
    expect(isAudience('business,auth')).toBe(false);
  });

  it('a list is split at its spaces, and says each scope once', () => {
    expect(scopesIn('a  b a ')).toEqual(['a', 'b']);
    expect(scopesIn('a b"')).toBeUndefined();
  });
});
