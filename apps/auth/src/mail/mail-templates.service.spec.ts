import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TEMPLATES, type TemplateName } from './default-templates.js';
import { MailTemplatesService } from './mail-templates.service.js';

const VALUES = { service: 'Signet', link: 'https://example.com/x?token=t&a=<b>', lifetime: '15 minutes' };

describe('mail templates', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  /** Templates with a team's own files. */
  function templates(files: Record<string, string> = {}): MailTemplatesService {
    folder = mkdtempSync(join(tmpdir(), 'signet-templates-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return new MailTemplatesService({ MAIL_TEMPLATES_DIR: folder });
  }

  it.each(Object.keys(DEFAULT_TEMPLATES) as TemplateName[])('has words for %s, and fills them in', (name) => {
    const { subject, text, html } = templates().render(name, VALUES);
    expect(`${subject}${text}${html}`).not.toMatch(/\{\{|undefined/);
    expect(subject).toContain('Signet');
    expect(html).toContain('<p>');
  });

  it('escapes what it puts into HTML, and nothing in text', () => {
    const { text, html } = templates().render('reset-password', VALUES);
    expect(text).toContain(VALUES.link);
    const link = 'https://example.com/x?token=t&amp;a=&lt;b&gt;';
    expect(html).toContain(`<a href="${link}">${link}</a>`);
  });

  it('takes a team’s text and HTML for its own', () => {
    const own = templates({
      'reset-password.txt': 'Subject: Hello\n\nGo to {{link}} within {{lifetime}}\n',
      'reset-password.html': '<b>{{link}}</b>',
    });
    const { subject, text, html } = own.render('reset-password', VALUES);
    expect([subject, text]).toEqual(['Hello', `Go to ${VALUES.link} within 15 minutes\n`]);
    expect(html).toBe('<b>https://example.com/x?token=t&amp;a=&lt;b&gt;</b>');
  });

  it.each([
    ['a file that is no template', 'reset-pasword.txt', 'Subject: x\n\n{{link}}', 'is no template'],
    ['a file of another kind', 'reset-password.md', '{{link}}', 'is no template'],
    ['a text without a subject', 'reset-password.txt', 'Go to {{link}}', 'must begin with a line "Subject'],
    ['a text without the link', 'reset-password.txt', 'Subject: x\n\nGo away', 'must use {{link}}'],
    ['HTML without the link', 'verify-email.html', '<p>Go away</p>', 'must use {{link}}'],
    ['a link where there is none', 'password-changed.html', '{{link}}', 'uses {{link}}; there are service'],
    ['a name that is not known', 'reset-password.html', '{{link}} {{constructor}}', 'uses {{constructor}}'],
  ])('refuses %s', (_case, name, content, message) => {
    expect(() => templates({ [name]: content })).toThrow(`MAIL_TEMPLATES_DIR: ${name} ${message}`);
  });
});
