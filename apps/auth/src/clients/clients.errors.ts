import { ProblemException } from '@signet/service-kit';

/** What is said about a client is wrong; nothing was changed. */
export function clientInvalid(detail = 'An audience is given once.'): ProblemException {
  return new ProblemException(400, 'CLIENT_INVALID', detail);
}

/** @param ownAudience auth's own name, which no client has */
export function clientIdInvalid(ownAudience = 'auth'): ProblemException {
  const detail = `A client id has 2 to 63 lower case letters, digits and hyphens, begins with a letter, and is neither a UUID, "first-party" nor "${ownAudience}".`;
  return new ProblemException(400, 'CLIENT_ID_INVALID', detail);
}

/** The keys that the client's assertions are checked with. */
export function clientKeysUnavailable(): ProblemException {
  const detail = 'The keys of the client cannot be fetched right now.';
  return new ProblemException(503, 'CLIENT_KEYS_UNAVAILABLE', detail, { headers: { 'retry-after': '5' } });
}

export function clientNotFound(id?: string): ProblemException {
  const client = id === undefined ? 'such client' : `client ${JSON.stringify(id)}`;
  return new ProblemException(404, 'CLIENT_NOT_FOUND', `There is no ${client}.`);
}

export function clientExists(id?: string): ProblemException {
  const client = id === undefined ? 'such a client' : `a client ${id}`;
  return new ProblemException(409, 'CLIENT_EXISTS', `There is ${client} already.`);
}

export function clientHasNoSecret(id?: string): ProblemException {
  const client = id === undefined ? 'The client' : `The client ${id}`;
  return new ProblemException(409, 'CLIENT_HAS_NO_SECRET', `${client} proves who it is without a secret.`);
}

export function serviceAccountTaken(serviceAccount: string | null = 'shop/orders'): ProblemException {
  const detail = `Another client has the service account ${serviceAccount}.`;
  return new ProblemException(409, 'SERVICE_ACCOUNT_TAKEN', detail);
}
