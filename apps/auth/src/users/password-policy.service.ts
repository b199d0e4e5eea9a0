import { validationFailed } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { normalisePassword } from './dto/password.rules.js';

/** Built from what people have used most and what has leaked most; the list is in lower case. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * What a new password must be like (NIST SP 800-63B-4 §3.1.1.2; OWASP ASVS 5.0, 6.2). No rules of composition.
 * Passwords that people already have are never judged: logging in does not come here.
 */
@Injectable()
export class PasswordPolicyService {
  constructor(
    @Inject(authConfig.KEY)
    private readonly config: Pick<AuthConfig, 'PASSWORD_MIN_LENGTH' | 'SERVICE_NAME'>,
  ) {}

  /**
   * @param field what the request calls the password
   * @param email of the account, where it is known already
   * @throws {ProblemException} 400 `VALIDATION_FAILED` that says which rule the password breaks
   */
  check(field: string, password: string, email?: string): void {
    const message = this.fault(password, email);
    if (message !== undefined) throw validationFailed([{ field, message }]);
  }

  private fault(password: string, email: string | undefined): string | undefined {
    const { PASSWORD_MIN_LENGTH: min, SERVICE_NAME: service } = this.config;
    if (Array.from(password).length < min) return `must be at least ${min} characters long`;
    const folded = fold(password);
    if (COMMON.has(folded)) return 'must not be one of the passwords that many people use';
    if (isMadeOf(folded, service)) return 'must not be the name of this service';
    if (email === undefined) return undefined;
    const isAddress = [email, email.slice(0, email.lastIndexOf('@'))].some((word) => isMadeOf(folded, word));
    return isAddress ? 'must not be your e-mail address or its first part' : undefined;
  }
}

/** Whether a text is a word, once or several times over, whatever the spaces. */
function isMadeOf(text: string, word: string): boolean {
  const [whole, part] = [text, fold(word)].map((each) => each.replaceAll(/\s/gu, ''));
  return Boolean(whole && part) && whole!.replaceAll(part!, '') === '';
}

function fold(text: string): string {
  return normalisePassword(text).toLowerCase();
}
