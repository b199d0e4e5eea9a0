import type { AccountEventsOptions, ResolvedOptions } from './account-events.options.js';
import { clientAuthorization } from './transmitter/client-authorization.js';

const DEFAULT_URL = 'http://localhost:3000';

/** Options that make no sense; the message has one line for each fault. */
export class AccountEventsConfigurationError extends Error {
  override readonly name = 'AccountEventsConfigurationError';
}

/**
 * Fills options in from the environment.
 *
 * @throws {AccountEventsConfigurationError}
 */
export function resolveOptions(
  options: AccountEventsOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ResolvedOptions {
  const read = (name: string) => environment[name] || undefined;
  const { store, concurrency = 4, maxAttempts = 10, fetch = globalThis.fetch } = options;
  const authUrl = options.authUrl ?? read('AUTH_URL') ?? DEFAULT_URL;
  const issuer = options.issuer ?? read('JWT_ISSUER') ?? DEFAULT_URL;
  const jwksUrl =
    options.jwksUrl ?? read('JWT_JWKS_URL') ?? `${authUrl.replace(/\/+$/, '')}/.well-known/jwks.json`;
  const checks: readonly [isRight: boolean, fault: string][] = [
    [isWebUrl(authUrl), 'authUrl (AUTH_URL) must be an http:// or https:// URL'],
    [isWebUrl(jwksUrl), 'jwksUrl (JWT_JWKS_URL) must be an http:// or https:// URL'],
    [isCount(concurrency, 100), 'concurrency must be a whole number from 1 to 100'],
    [isCount(maxAttempts, 1_000), 'maxAttempts must be a whole number from 1 to 1000'],
    [typeof store?.once === 'function', 'store must be an AccountEventStore'],
  ];
  const faults = checks.flatMap(([isRight, fault]) => (isRight ? [] : [fault]));
  const clientId = options.clientId ?? read('CLIENT_ID');
  let authorization = options.authorization;
  try {
    authorization ??=
      clientId === undefined
        ? undefined
        : clientAuthorization({
            clientId,
            issuer,
            clientSecret: options.clientSecret ?? read('CLIENT_SECRET'),
            keyFile: read('CLIENT_KEY_FILE'),
            assertionFile: read('CLIENT_ASSERTION_FILE'),
          });
  } catch (error) {
    faults.push(`CLIENT_KEY_FILE cannot be used: ${(error as Error).message}`);
  }
  if (faults.length > 0) throw new AccountEventsConfigurationError(faults.join('\n'));
  return {
    store,
    concurrency,
    maxAttempts,
    transmitter:
      clientId !== undefined && authorization !== undefined
        ? { authUrl, issuer, jwksUrl, clientId, authorization, fetch }
        : undefined,
    reason:
      clientId === undefined
        ? 'CLIENT_ID is not set'
        : 'none of CLIENT_SECRET, CLIENT_KEY_FILE and CLIENT_ASSERTION_FILE is set',
  };
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
