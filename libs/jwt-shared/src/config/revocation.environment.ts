import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { namesIn } from './jwt.environment.js';
import { WholeNumber } from './whole-number.validator.js';

const ON_STALE = ['accept', 'reject'] as const;

/** The variables of a service that follows the revocation feed. */
export class RevocationEnvironment {
  /** The bearer key of the feed; sent in a header, so it has no white space. */
  @ValidateBy({
    name: 'isFeedKey',
    validator: {
      validate: (value) => typeof value === 'string' && /^[\x21-\x7e]{32,255}$/.test(value),
      defaultMessage: () => 'must be set to a random key of 32 to 255 printable characters without spaces',
    },
  })
  REVOCATION_FEED_KEY: string;

  /** Where the feed is, comma separated if each replica of auth has its own; unset: `<AUTH_URL>/revocations`. */
  @IsOptional()
  @ValidateBy({
    name: 'isListOfUrls',
    validator: {
      validate: (value) =>
        typeof value === 'string' && namesIn(value).every((url) => /^https?:\/\/\S+$/.test(url)),
      defaultMessage: () => 'must be one or more http:// or https:// URLs, comma separated',
    },
  })
  REVOCATION_FEED_URL?: string;

  /** Whether tokens are accepted while it is not known if they have been revoked since. */
  @IsIn(ON_STALE, { message: `must be one of ${ON_STALE.join(', ')}` })
  REVOCATION_ON_STALE: (typeof ON_STALE)[number] = 'accept';

  /** Under `reject`: for how many seconds without word from auth they still are. */
  @WholeNumber(1, 86_400, 'seconds')
  REVOCATION_MAX_AGE = 30;
}
