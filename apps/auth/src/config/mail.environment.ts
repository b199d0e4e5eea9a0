import { ServiceEnvironment, WholeNumber } from '@signet/service-kit';
import { IntersectionType } from '@nestjs/mapped-types';
import { IsIn, IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import { Rule } from './rule.js';

/** `offered`: where the server offers it, which someone on the way may keep it from. */
const SMTP_STARTTLS = ['required', 'offered'] as const;
const EMAIL_VERIFICATION = ['off', 'required'] as const;

const isProduction = ({ NODE_ENV }: MailEnvironment) => NODE_ENV === 'production';
const sendsFor = (name: 'PUBLIC_URL' | 'MAIL_FROM') => (env: MailEnvironment) =>
  env.SMTP_URL !== undefined || env[name] !== undefined;

/** How mail leaves the service, and what it is for. */
export class MailEnvironment extends IntersectionType(ServiceEnvironment) {
  /** Unset: mails go into a folder under `DATA_DIR`; in production none are sent. */
  @ValidateIf(
    (env: MailEnvironment) =>
      env.SMTP_URL !== undefined || (isProduction(env) && env.EMAIL_VERIFICATION === 'required'),
  )
  @IsUrlThat(
    ({ protocol, hostname }) => /^smtps?:$/.test(protocol) && hostname !== '',
    'must be smtp:// or smtps://, then user:password@host:port; without it nobody can be verified in production',
  )
  SMTP_URL?: string;

  /** Seconds that the SMTP server may be silent. */
  @WholeNumber(1, 60, 'seconds') SMTP_TIMEOUT = 10;

  /** Whether mail goes to a server on another machine that does not offer STARTTLS. */
  @IsIn(SMTP_STARTTLS, { message: `must be one of ${SMTP_STARTTLS.join(', ')}` })
  SMTP_STARTTLS: (typeof SMTP_STARTTLS)[number];

  /** The sender of all mails. */
  @ValidateIf(sendsFor('MAIL_FROM'))
  @Matches(/^([^\p{Cc}<>]* <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u, {
    message: 'must be an address, such as Signet <no-reply@example.com>',
  })
  MAIL_FROM: string;

  /** Where people are: the links in mails begin with it, whatever host a request names. */
  @ValidateIf(sendsFor('PUBLIC_URL'))
  @IsUrlThat(
    ({ protocol, username, password, search, hash }) =>
      /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '',
    'must be an http(s) URL without user, query and fragment',
  )
  PUBLIC_URL: string;

  /** A folder with a team's own templates; what is not in it stays ours. */
  @IsOptional() @IsString() MAIL_TEMPLATES_DIR?: string;

  /** `required`: nobody gets in before their address is verified. */
  @IsIn(EMAIL_VERIFICATION, { message: `must be one of ${EMAIL_VERIFICATION.join(', ')}` })
  EMAIL_VERIFICATION: (typeof EMAIL_VERIFICATION)[number];
}

/** What stands in for variables of mail that are unset; production has to name who sends, and where links lead. */
export function mailDefaults(environment = process.env): Record<string, () => string> {
  const { NODE_ENV, SMTP_URL } = environment;
  if (NODE_ENV === 'production')
    return { EMAIL_VERIFICATION: () => (SMTP_URL ? 'required' : 'off'), SMTP_STARTTLS: () => 'required' };
  return {
    EMAIL_VERIFICATION: () => 'off',
    SMTP_STARTTLS: () => 'offered',
    MAIL_FROM: () => 'Signet <no-reply@localhost>',
    PUBLIC_URL: () => 'http://localhost:3000',
  };
}

function IsUrlThat(is: (url: URL) => boolean, message: string): PropertyDecorator {
  return Rule(message, (value) => {
    const url = URL.parse(String(value));
    return url !== null && is(url);
  });
}
