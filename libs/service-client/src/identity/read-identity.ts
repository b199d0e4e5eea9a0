import { readFileSync } from 'node:fs';
import type { ServiceClientOptions } from '../service-client.options.js';
import { assertionFileIdentity, secretIdentity, type ClientIdentity } from './client-identity.js';
import { keyIdentity } from './key.identity.js';

type Environment = Readonly<Record<string, string | undefined>>;

const CLIENT_ID = /^[a-z][a-z0-9-]{1,62}$/;

/**
 * The identity of this service, from the options or the environment.
 *
 * @returns nothing when none is set: then the service calls no other
 * @throws {TypeError} that names the variable when one is wrong, or there are several
 */
export function readIdentity(
  options: Omit<ServiceClientOptions, 'services'>,
  issuer: string,
  environment: Environment = process.env,
): ClientIdentity | undefined {
  const secret = options.clientSecret ?? (environment['CLIENT_SECRET'] || undefined);
  const keyFile = options.clientKeyFile ?? (environment['CLIENT_KEY_FILE'] || undefined);
  const assertionFile = options.clientAssertionFile ?? (environment['CLIENT_ASSERTION_FILE'] || undefined);
  const given = Object.entries({ secret, keyFile, assertionFile }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1)
    throw new TypeError('Only one of CLIENT_SECRET, CLIENT_KEY_FILE and CLIENT_ASSERTION_FILE may be set');
  const id = options.clientId ?? environment['CLIENT_ID'] ?? '';
  if (!CLIENT_ID.test(id))
    throw new TypeError(
      'CLIENT_ID must be the name of this service in auth: 2 to 63 lower case letters, digits and hyphens',
    );
  if (secret !== undefined) return secretIdentity(id, secret);
  if (assertionFile !== undefined) return assertionFileIdentity(id, assertionFile);
  return identityOfKey(id, keyFile ?? '', issuer);
}

function identityOfKey(id: string, file: string, issuer: string): ClientIdentity {
  try {
    return keyIdentity(id, readFileSync(file, 'utf8'), issuer);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The message of a parser may repeat what it has read.
    const reason = code === 'ENOENT' || error instanceof TypeError ? message : 'it is no private key';
    throw new TypeError(`CLIENT_KEY_FILE cannot be used: ${reason}`, { cause: error });
  }
}
