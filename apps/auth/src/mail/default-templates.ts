/** A mail as a team may replace it. A paragraph of its own that is `{{link}}` becomes a link in HTML. */
export interface TemplateSource {
  readonly subject: string;
  readonly text: string;
}

const NOT_YOU = 'If this was not you, do nothing: the link is of no use to anybody else.';
const LINK = ['{{link}}', 'The link works once, for {{lifetime}}, and replaces all earlier ones.'];

/** Every mail that this service sends. */
export const DEFAULT_TEMPLATES = {
  'verify-email': template(
    'Confirm your e-mail address',
    'Someone, most likely you, wants to use {{service}} with this e-mail address. To confirm that it is yours, open this link and enter the password that you have chosen:',
    '{{link}}',
    'The link works once, for {{lifetime}}. If you did not choose a password at {{service}}, do nothing: without that password nobody can use the link.',
  ),
  'already-registered': template(
    'You have an account already',
    'Somebody, most likely you, has registered at {{service}} with this e-mail address, which has an account already. Nothing has changed.',
    'If you have forgotten the password, ask for a new one where you log in.',
  ),
  'reset-password': template(
    'Choose a new password',
    'Somebody, most likely you, has forgotten the password of your account at {{service}}. To choose a new one, open this link:',
    ...LINK,
    NOT_YOU,
  ),
  invitation: template(
    'You are invited',
    'An administrator of {{service}} has made an account for this e-mail address. To choose a password and use it, open this link:',
    ...LINK,
    'If you do not know what this is about, do nothing: without the link nobody can use the account.',
  ),
  'confirm-new-email': template(
    'Confirm your new e-mail address',
    'Somebody, most likely you, wants to use {{service}} with this e-mail address from now on. To confirm that it is yours, open this link:',
    ...LINK,
    NOT_YOU,
  ),
  'email-change-notice': template(
    'Your e-mail address is about to change',
    'Somebody, most likely you, has asked {{service}} to use another e-mail address for your account. It changes as soon as the new one is confirmed.',
    'If this was not you, change your password now: that also withdraws what was asked for.',
  ),
  'password-changed': template(
    'Your password has changed',
    'The password of your account at {{service}} has been changed.',
    'If this was not you, ask for a new one at once, where you log in.',
  ),
} satisfies Record<string, TemplateSource>;

export type TemplateName = keyof typeof DEFAULT_TEMPLATES;

function template(subject: string, ...paragraphs: string[]): TemplateSource {
  return { subject: `${subject} ({{service}})`, text: `${paragraphs.join('\n\n')}\n` };
}
