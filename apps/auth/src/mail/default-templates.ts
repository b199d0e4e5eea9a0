/** A mail as a team may replace it. A paragraph of its own that is `{{link}}` becomes a link in HTML. */
export interface TemplateSource {
  readonly subject: string;
  readonly text: string;
}

const NOT_YOU = 'If this was not you, ignore this mail: nobody else can use the link.';
const LINK = ['{{link}}', 'The link works once, for {{lifetime}}, and replaces all earlier ones.'];

/** Every mail that this service sends. */
export const DEFAULT_TEMPLATES = {
  'verify-email': template(
    'Confirm your e-mail address',
    'Someone, probably you, wants to use {{service}} with this e-mail address. To confirm that it is yours, open this link and enter the password that you have chosen:',
    '{{link}}',
    'The link works once, for {{lifetime}}. If you did not choose a password at {{service}}, ignore this mail: nobody can use the link without that password.',
  ),
  'already-registered': template(
    'You already have an account',
    'Someone, probably you, has registered at {{service}} with this e-mail address, which already has an account. Nothing has changed.',
    'If you have forgotten your password, you can reset it on the login page.',
  ),
  'reset-password': template(
    'Choose a new password',
    'Someone, probably you, asked to reset the password of your account at {{service}}. To choose a new one, open this link:',
    ...LINK,
    NOT_YOU,
  ),
  invitation: template(
    'You are invited',
    'An administrator of {{service}} has created an account for this e-mail address. To activate it with a password of your own, open this link:',
    ...LINK,
    'If you did not expect this, ignore this mail: nobody can use the account without the link.',
  ),
  'confirm-new-email': template(
    'Confirm your new e-mail address',
    'Someone, probably you, wants to use this e-mail address for an account at {{service}}. To confirm that it is yours, open this link:',
    ...LINK,
    NOT_YOU,
  ),
  'email-change-notice': template(
    'Your e-mail address is about to change',
    'Someone, probably you, asked {{service}} to use another e-mail address for your account. It changes as soon as the new address is confirmed.',
    'If this was not you, change your password now: that also cancels the request.',
  ),
  'password-changed': template(
    'Your password has changed',
    'The password of your account at {{service}} has been changed.',
    'If this was not you, reset your password now on the login page.',
  ),
} satisfies Record<string, TemplateSource>;

export type TemplateName = keyof typeof DEFAULT_TEMPLATES;

function template(subject: string, ...paragraphs: string[]): TemplateSource {
  return { subject: `${subject} ({{service}})`, text: `${paragraphs.join('\n\n')}\n` };
}
