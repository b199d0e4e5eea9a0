import type { PageFiles } from './page-files.js';
import type { PageTheme } from './page-theme.js';

/** A page is a path of one segment, so that what it loads is found wherever a proxy puts it. */
export const PAGES = ['login', 'register', 'verify-email', 'reset-password', 'account'] as const;

export type Page = (typeof PAGES)[number];

/** What the script of a page is told: `Settings` of apps/web. */
export interface PageSettings {
  readonly page: Page;
  readonly service: string;
  readonly passwordMinLength: number;
  readonly verifiesEmail: boolean;
  /** `false` where the browser has shown that it has no session cookie, so that the page need not ask. */
  readonly mayHaveSession: boolean;
  readonly returnTo?: string;
}

/** No script, style or image but our own files, no frame around it, and nowhere to send a form or a string to. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The document of a page. All paths are relative, and everything that was told from outside is escaped. */
export function pageDocument(
  settings: PageSettings,
  language: string,
  { script, styles, languages }: PageFiles,
  { logo, stylesheet }: PageTheme,
): string {
  const sheets = [...styles, ...(stylesheet === undefined ? [] : [stylesheet])];
  const service = escapeHtml(settings.service);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${service}</title>
<link rel="icon" href="${logo}">
${sheets.map((sheet) => `<link rel="stylesheet" href="${sheet}">`).join('\n')}
<link rel="modulepreload" href="${languages.get(language) ?? ''}">
<script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', String.raw`\u003c`)}</script>
<script type="module" src="${script}"></script>
</head>
<body>
<header><img src="${logo}" alt=""><span>${service}</span></header>
<div id="app"><noscript><main><p class="card">JavaScript is needed here. / JavaScript wird hier gebraucht.</p></main></noscript></div>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
