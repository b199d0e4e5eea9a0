import { isWebUrl, namesIn, oneOf, optional, text, wholeNumber, type Rules } from './rule.js';

/** The variables of a service that follows the revocation feed. */
export interface RevocationEnvironment {
  /** The bearer key of the feed; sent in a header, so it has no white space. */
  REVOCATION_FEED_KEY: string;
  /** Where the feed is, comma separated if each replica of auth has its own; unset: `<AUTH_URL>/revocations`. */
  REVOCATION_FEED_URL?: string | undefined;
  /** Whether tokens are accepted while it is not known if they have been revoked since. */
  REVOCATION_ON_STALE: 'accept' | 'reject';
  /** Under `reject`: for how many seconds without word from auth they still are. */
  REVOCATION_MAX_AGE: number;
  /** Seconds for which the start waits to be told what is revoked; under `reject` a service is not ready before. */
  REVOCATION_START_WAIT_SECONDS: number;
}

/** The rules of {@link RevocationEnvironment}. */
export const REVOCATION_RULES: Rules<RevocationEnvironment> = {
  REVOCATION_FEED_KEY: text(
    (value) => /^[\x21-\x7e]{32,255}$/.test(value),
    'must be set to a random key of 32 to 255 printable characters without spaces',
  ),
  REVOCATION_FEED_URL: optional(
    text(
      (value) => namesIn(value).every(isWebUrl),
      'must be one or more http:// or https:// URLs, comma separated',
    ),
  ),
  REVOCATION_ON_STALE: oneOf(['accept', 'reject'], 'accept'),
  REVOCATION_MAX_AGE: wholeNumber(1, 86_400, 30, 'seconds'),
  REVOCATION_START_WAIT_SECONDS: wholeNumber(0, 3600, 10, 'seconds'),
};
