import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const RECENT_LOGIN = 'signet:recent-login';

/**
 * Demands that the user has logged in (`auth_time`) within the last so many seconds; where a class and its handler say
 * so, the shorter time counts. Otherwise 401 `REAUTHENTICATION_REQUIRED` with the challenge of RFC 9470: a refresh does
 * not help, a new login does. A client's own token knows no login, so it is refused too.
 *
 * @example @RecentLogin(900)
 * @throws {TypeError} for anything but a positive whole number
 */
export function RecentLogin(seconds: number): CustomDecorator {
  if (!(Number.isSafeInteger(seconds) && seconds > 0))
    throw new TypeError('@RecentLogin() takes a positive whole number of seconds');
  return SetMetadata(RECENT_LOGIN, seconds);
}
