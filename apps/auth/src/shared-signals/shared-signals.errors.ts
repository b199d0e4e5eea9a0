import { ProblemException } from '@signet/service-kit';
import { CLIENT_CHALLENGE } from '../clients/oauth-error.js';

export function noStream(): ProblemException {
  return new ProblemException(404, 'STREAM_NOT_FOUND', 'This client has no such stream of events.');
}

export function streamExists(): ProblemException {
  return new ProblemException(409, 'STREAM_EXISTS', 'This client has its stream of events already.');
}

/** @param refusal why, and how a client can authenticate */
export function receiverUnknown(
  refusal: { readonly headers?: Readonly<Record<string, string>> } = {},
): ProblemException {
  return new ProblemException(401, 'INVALID_CLIENT', 'The client could not be authenticated.', {
    headers: { ...CLIENT_CHALLENGE, ...refusal.headers },
  });
}

export function notAReceiver(): ProblemException {
  return new ProblemException(403, 'INSUFFICIENT_SCOPE', 'The client does not have the scope events.');
}

/** OpenID SSF 1.0 §8.1.1, `min_verification_interval`. */
export const VERIFICATION_INTERVAL_SECONDS = 10;

export function verificationTooSoon(): ProblemException {
  const detail = `A stream is verified at most every ${VERIFICATION_INTERVAL_SECONDS} seconds.`;
  return new ProblemException(429, 'TOO_MANY_REQUESTS', detail, {
    headers: { 'retry-after': String(VERIFICATION_INTERVAL_SECONDS) },
  });
}

export function pollsBusy(): ProblemException {
  return new ProblemException(503, 'POLLS_BUSY', 'Too many polls wait at this replica.', {
    headers: { 'retry-after': '1' },
  });
}
