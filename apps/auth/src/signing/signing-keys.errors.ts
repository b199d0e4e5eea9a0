import { ProblemException } from '@signet/service-kit';

/** A command about keys that cannot be carried out; the message is for the operator. */
export class KeyCommandError extends Error {
  override readonly name = 'KeyCommandError';
}

export function noKeyRing(): KeyCommandError {
  return new KeyCommandError(
    'JWT_ALGORITHM is HS256: tokens are signed with JWT_SECRET, and there is no key ring',
  );
}

export function noSuchKey(kid: string): KeyCommandError {
  return new KeyCommandError(`There is no key ${kid}; keys list shows what there is`);
}

export function alreadyRevoked(kid: string): KeyCommandError {
  return new KeyCommandError(`Key ${kid} has been revoked before; nothing was changed`);
}

/** @param seconds since the other one was revoked */
export function tooSoon(kid: string, seconds: number): KeyCommandError {
  return new KeyCommandError(
    `Key ${kid} signs now, and another was revoked ${seconds} seconds ago. A service that does not follow the ` +
      'revocation feed fetches unknown keys at most every 30 seconds (JWKS_COOLDOWN), and would let nobody in ' +
      'until then. Wait that long, or use --force. Nothing was changed.',
  );
}

export function noSigningKey(): ProblemException {
  return new ProblemException(503, 'SIGNING_KEY_UNAVAILABLE', 'There is no key to sign tokens with', {
    headers: { 'retry-after': '5' },
  });
}

/** @param length characters of the token that was not issued */
export function tokenTooLarge(length = 4097): ProblemException {
  const detail = `An access token of ${length} bytes was not issued: 4096 is the limit. Give the account fewer roles, or roles with fewer scopes.`;
  return new ProblemException(500, 'TOKEN_TOO_LARGE', detail);
}
