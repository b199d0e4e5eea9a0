import { describe, expect, it } from '@jest/globals';
import { storedCredentials } from './client-registration.js';

describe('the URL of the keys of a client', () => {
  it.each(['http://localhost:4000/jwks', 'http://127.0.0.1/jwks', 'http://[::1]/jwks'])(
    'may be %s while developing, and not in production',
    (jwksUrl) => {
      expect(storedCredentials({ jwksUrl }, false).jwksUrl).toBe(jwksUrl);
      expect(() => storedCredentials({ jwksUrl }, true)).toThrow('https://');
    },
  );

  it('is stored as it was given', () => {
    const jwksUrl = 'https://keys.example:8443/a/../jwks?v=1';
    expect(storedCredentials({ jwksUrl }, true).jwksUrl).toBe(jwksUrl);
  });
});
