import { ProblemException } from '@signet/service-kit';

export function noStream(): ProblemException {
  return new ProblemException(404, 'STREAM_NOT_FOUND', 'This client has no stream of events.');
}

export function streamExists(): ProblemException {
  return new ProblemException(409, 'STREAM_EXISTS', 'This client has its stream of events already.');
}

export function streamIsOther(): ProblemException {
  return new ProblemException(404, 'STREAM_NOT_FOUND', 'This client has no stream with this id.');
}

/** @param challenge value of `WWW-Authenticate` */
export function receiverUnknown(challenge: string): ProblemException {
  return new ProblemException(401, 'INVALID_CLIENT', 'Client authentication failed.', {
    headers: { 'www-authenticate': challenge },
  });
}

export function notAReceiver(): ProblemException {
  return new ProblemException(403, 'INSUFFICIENT_SCOPE', 'The client does not have the scope events.');
}

export function verificationTooSoon(seconds: number): ProblemException {
  return new ProblemException(
    429,
    'TOO_MANY_REQUESTS',
    `A stream is verified at most every ${seconds} seconds.`,
    {
      headers: { 'retry-after': String(seconds) },
    },
  );
}

export function pollsBusy(): ProblemException {
  return new ProblemException(503, 'POLLS_BUSY', 'Too many polls wait at this replica.', {
    headers: { 'retry-after': '1' },
  });
}
