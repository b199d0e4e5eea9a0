import { settings } from './settings.js';

/** Which of auth's rules a new password keeps so far; auth knows more, as the passwords that many people use. */
export interface PasswordRules {
  /** Characters as auth counts them: Unicode code points. */
  readonly length: number;
  readonly isLongEnough: boolean;
  readonly isNotEmail: boolean;
  readonly isNotService: boolean;
}

export function checkPassword(password: string, email: string): PasswordRules {
  const length = Array.from(password.normalize('NFC')).length;
  const words = email === '' ? [] : [email, email.slice(0, Math.max(0, email.lastIndexOf('@')))];
  return {
    length,
    isLongEnough: length >= settings.passwordMinLength,
    isNotEmail: length > 0 && !words.some((word) => isMadeOf(password, word)),
    isNotService: length > 0 && !isMadeOf(password, settings.service),
  };
}

/** Whether a text is a word, once or several times over, whatever the spaces. */
function isMadeOf(text: string, word: string): boolean {
  const [whole, part] = [text, word].map((each) =>
    each.normalize('NFC').toLowerCase().replaceAll(/\s/gu, ''),
  ) as [string, string];
  return whole !== '' && part !== '' && whole.replaceAll(part, '') === '';
}
