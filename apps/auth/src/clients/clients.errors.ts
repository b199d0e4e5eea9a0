import { ProblemException } from '@signet/service-kit';

/** What is said about a client is wrong; nothing was changed. */
export function clientInvalid(detail = 'An audience is given once.'): ProblemException {
  return new ProblemException(400, 'CLIENT_INVALID', detail);
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

export function serviceAccountTaken(serviceAccount: string | null): ProblemException {
  const detail = `Another client has the service account ${serviceAccount}.`;
  return new ProblemException(409, 'SERVICE_ACCOUNT_TAKEN', detail);
}
