import { ProblemException } from '@signet/service-kit';
import { describe, expect, it } from '@jest/globals';
import { PasswordPolicyService } from './password-policy.service.js';

const EMAIL = 'maximiliane.musterfrau@example.com';

/** What the policy says of a password; nothing if it is good. */
function faultOf(password: string, config = {}): string | undefined {
  const policy = new PasswordPolicyService({ PASSWORD_MIN_LENGTH: 15, SERVICE_NAME: 'Signet', ...config });
  try {
    policy.check('password', password, EMAIL);
    return undefined;
  } catch (error) {
    const { errors } = (error as ProblemException).getResponse() as { errors: { message: string }[] };
    return errors.map(({ message }) => message).join();
  }
}

describe('the policy for new passwords', () => {
  it.each([
    ['words', 'a long and quiet evening'],
    ['letters of one kind', 'abcabcabdabcabe'],
    ['spaces', '               '],
    ['every script', 'пароль из слов и 🦊'],
    ['1,024 bytes', 'x'.repeat(1024)],
    ['a part of the address', 'maximiliane at home'],
    ['the service’s name among others', 'my signet ring is lost'],
  ])('takes %s', (_case, password) => expect(faultOf(password)).toBeUndefined());

  it.each([
    ['fourteen characters', 'fourteen chars', 'must be at least 15 characters long'],
    ['fourteen characters of 56 bytes', '🦊'.repeat(14), 'must be at least 15 characters long'],
    ['a common password', '1qaz2wsx3edc4rfv', 'must not be one of the passwords that many people use'],
    [
      'a common password in capitals',
      'PasswordPassword',
      'must not be one of the passwords that many people use',
    ],
    ['the address', EMAIL, 'must not be your e-mail address or its first part'],
    ['the address in capitals', EMAIL.toUpperCase(), 'must not be your e-mail address or its first part'],
    [
      'the first part of the address',
      'maximiliane.musterfrau',
      'must not be your e-mail address or its first part',
    ],
    [
      'the service’s name, often enough to be long',
      'signet Signet SIGNET',
      'must not be the name of this service',
    ],
  ])('refuses %s', (_case, password, message) => expect(faultOf(password)).toBe(message));

  it('counts characters as the operator has set', () => {
    expect(faultOf('eight ch', { PASSWORD_MIN_LENGTH: 8 })).toBeUndefined();
    expect(faultOf('seven c', { PASSWORD_MIN_LENGTH: 8 })).toBe('must be at least 8 characters long');
  });

  it('knows the name that the operator has given the service', () => {
    expect(faultOf('Grand Hotel Budapest', { SERVICE_NAME: 'Grand Hotel Budapest' })).toContain('service');
  });
});
