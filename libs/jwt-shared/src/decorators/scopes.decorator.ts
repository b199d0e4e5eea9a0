import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const REQUIRED_SCOPES = 'signet:scopes';

/** RFC 6749 §3.3; anything else could break out of the quotes of the challenge. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Demands a token with every one of these scopes; those of the class are demanded as well. Otherwise 403
 * `INSUFFICIENT_SCOPE`, with the scopes in the challenge.
 *
 * @example @Scopes('tasks:read')
 * @throws {TypeError} without a scope, or for one that is not a scope's name
 */
export function Scopes(...scopes: [string, ...string[]]): CustomDecorator {
  if (scopes.length === 0) throw new TypeError('@Scopes() needs a scope');
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined)
    throw new TypeError(`@Scopes(): ${JSON.stringify(wrong)} is not a scope (RFC 6749 §3.3)`);
  return SetMetadata(REQUIRED_SCOPES, scopes);
}
