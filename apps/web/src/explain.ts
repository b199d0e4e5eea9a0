import { SignetError } from '@signet/browser-client';
import { Refused } from './session.js';
import { settings } from './settings.js';
import type { TextKey, Translate } from './texts.js';

/** What went wrong, for people: in general, and by field. */
export interface Explanation {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** How auth says what is wrong with a field, and how the pages do. */
const FIELDS: readonly (readonly [RegExp, TextKey])[] = [
  [/^must be at least \d+ characters/, 'field.length'],
  [/^must not be one of the passwords/, 'field.common'],
  [/^must not be the name/, 'field.service'],
  [/^must not be your e-mail/, 'field.isEmail'],
  [/^must be at most/, 'field.tooLong'],
  [/^must be an e-mail address/, 'emailInvalid'],
  [/^must not be empty/, 'required'],
];

const BUSY = /^(OVERLOADED|REVOCATIONS_STALE|.*_UNAVAILABLE)$/;

export function explain(error: unknown, t: Translate): Explanation {
  if (!(error instanceof Refused || error instanceof SignetError)) throw error;
  const { code, errors, retryAfter } = error;
  const fields = Object.fromEntries(errors.map(({ field, message }) => [field, fieldMessage(message, t)]));
  return { message: messageOf(code, retryAfter, t), fields };
}

/** For a form that asks for a password alone: beside its field. @returns nothing for another error */
export function wrongPassword(error: unknown, field: string, t: Translate): Explanation | undefined {
  const isWrong = error instanceof Refused && error.code === 'INVALID_CREDENTIALS';
  return isWrong ? { message: '', fields: { [field]: t('error.wrongPassword') } } : undefined;
}

function messageOf(code: string, retryAfter: number | undefined, t: Translate): string {
  if (code === 'TOO_MANY_REQUESTS')
    return t('error.TOO_MANY_REQUESTS', { wait: waitOf(retryAfter ?? 60, t) });
  if (BUSY.test(code)) return t('error.busy');
  const known = ['INVALID_CREDENTIALS', 'INVALID_ONE_TIME_TOKEN', 'VALIDATION_FAILED', 'NETWORK_ERROR'];
  return t(known.includes(code) ? (`error.${code}` as TextKey) : 'error.UNKNOWN');
}

function fieldMessage(message: string, t: Translate): string {
  const [, key = 'field.other'] = FIELDS.find(([pattern]) => pattern.test(message)) ?? [];
  return t(key, { min: settings.passwordMinLength });
}

function waitOf(seconds: number, t: Translate): string {
  const [unit, count] =
    seconds < 90 ? (['seconds', seconds] as const) : (['minutes', Math.ceil(seconds / 60)] as const);
  return t(count === 1 ? `${unit}.one` : `${unit}.other`, { count });
}
