import { ConfigurationError } from '@signet/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { authConfig, type AuthConfig } from '../config/auth.config.js';
import { DEFAULT_TEMPLATES, type TemplateName } from './default-templates.js';

export interface TemplateValues {
  readonly service: string;
  readonly link?: string;
  readonly lifetime?: string;
}

export interface RenderedMail {
  readonly name: TemplateName;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Template {
  subject: string;
  text: string;
  /** Made from the text where a team has not written its own. */
  html?: string;
}

const PLACEHOLDER = /\{\{(\w+)\}\}/g;
const SUBJECT = /^Subject: *(\S.*?)\r?\n\r?\n/;

/**
 * The words of all mails. A team replaces them by files in `MAIL_TEMPLATES_DIR`: `reset-password.txt`, whose first
 * line is `Subject: …` and whose second is empty, and `reset-password.html`. Each is optional.
 */
@Injectable()
export class MailTemplatesService {
  private readonly templates: Record<TemplateName, Template> = structuredClone(DEFAULT_TEMPLATES);

  /** @throws {ConfigurationError} when a file is no template, or uses what its mail does not have */
  constructor(
    @Inject(authConfig.KEY) { MAIL_TEMPLATES_DIR: folder }: Pick<AuthConfig, 'MAIL_TEMPLATES_DIR'>,
  ) {
    if (folder === undefined) return;
    const faults = filesOf(folder).flatMap((file) => this.read(folder, file));
    if (faults.length > 0)
      throw new ConfigurationError(faults.map((fault) => `MAIL_TEMPLATES_DIR: ${fault}`));
  }

  render(name: TemplateName, values: TemplateValues): RenderedMail {
    const { subject, text, html } = this.templates[name];
    return {
      name,
      subject: fill(subject, values),
      text: fill(text, values),
      html: html === undefined ? htmlOf(text, values) : fill(html, values, escapeHtml),
    };
  }

  /** @returns what is wrong with the file */
  private read(folder: string, file: string): string[] {
    const extension = extname(file);
    const name = file.slice(0, -extension.length || undefined);
    if (!isTemplate(name) || !['.txt', '.html'].includes(extension)) {
      return [`${file} is no template; there are ${Object.keys(DEFAULT_TEMPLATES).join(', ')} (.txt, .html)`];
    }
    const content = readFileSync(join(folder, file), 'utf8');
    const fault = faultOf(content, DEFAULT_TEMPLATES[name].text);
    if (fault !== undefined) return [`${file} ${fault}`];
    if (extension === '.html') {
      this.templates[name].html = content;
      return [];
    }
    const [head, subject] = SUBJECT.exec(content) ?? [];
    if (head === undefined || subject === undefined) {
      return [`${file} must begin with a line "Subject: …" and an empty line`];
    }
    Object.assign(this.templates[name], { subject, text: content.slice(head.length) });
    return [];
  }
}

function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(DEFAULT_TEMPLATES, name);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new ConfigurationError(['MAIL_TEMPLATES_DIR must be a folder that can be read']);
  }
}

function faultOf(content: string, original: string): string | undefined {
  const known = new Set(['service', ...placeholdersOf(original)]);
  const used = placeholdersOf(content);
  const unknown = used.find((name) => !known.has(name));
  if (unknown !== undefined) return `uses {{${unknown}}}; there are ${[...known].join(', ')}`;
  if (known.has('link') && !used.includes('link')) return 'must use {{link}}';
  return undefined;
}

function placeholdersOf(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name ?? '');
}

function fill(text: string, values: TemplateValues, escape = (value: string) => value): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) =>
    escape(values[name as keyof TemplateValues] ?? ''),
  );
}

function htmlOf(text: string, values: TemplateValues): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  const html = paragraphs.map((paragraph) => {
    const content = fill(escapeHtml(paragraph), values, escapeHtml);
    return `<p>${paragraph.trim() === '{{link}}' ? `<a href="${content}">${content}</a>` : content}</p>`;
  });
  return `<!doctype html>\n<html>\n<body>\n${html.join('\n')}\n</body>\n</html>\n`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
