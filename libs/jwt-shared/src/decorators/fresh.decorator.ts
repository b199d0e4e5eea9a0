import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const NEEDS_FRESH_REVOCATIONS = 'signet:fresh';

/**
 * Marks a handler, or all of a class, where a revoked token would do lasting harm: calls are refused with 503
 * `REVOCATIONS_STALE` while the service has not heard from auth for more than 5 seconds, or has no feed at all.
 *
 * @example @Fresh() @Delete('account')
 */
export const Fresh = (): CustomDecorator => SetMetadata(NEEDS_FRESH_REVOCATIONS, true);
