import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, type Page } from './pages.ts';

/** What the project has, for the docs to speak of. */
export interface Facts {
  readonly root: string;
  /** Names of npm scripts. */
  readonly scripts: ReadonlySet<string>;
  /** Every variable that some code reads. */
  readonly variables: ReadonlySet<string>;
  /** Every error code that an answer can have. */
  readonly errorCodes: ReadonlySet<string>;
}

/** Also as a formatter leaves them, with every character a quotation of its own. */
const MARKER = /^(?:(?:<\s*){7}|(?:>\s*){7}|\|{7}|(?:\|\s*)?={7})(?:\s|$)/;
const LINK = /(?<!!)\[(?:[^\]]|\]\()*?\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)|!\[[^\]]*\]\(([^)\s]+)\)/gm;
const NPM_SCRIPT = /\bnpm (?:run (?:--silent |-s )?([\w:-]+)|(test|start)\b)/g;
const REPOSITORY_PATH = /`((?:apps|libs|docs|test|bench|scripts|deploy|\.github|\.ci)\/[\w./@-]+)`/g;
const VARIABLE = /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g;
/** Read by Node, OpenTelemetry, compose or a test, and not by code of ours. */
const FOREIGN_VARIABLE = /^(OTEL_|NODE_|DJANGO_|COMPOSE_|POSTGRES_)/;

/** What is wrong with a text whatever it is: markers that a merge has left. */
export function markersIn(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (MARKER.test(line) ? [`${path}:${index + 1}: a merge-conflict marker`] : []));
}

/** Links that lead nowhere. */
export function deadLinks(page: Page, pages: readonly Page[], { root }: Facts): string[] {
  return Array.from(page.prose.matchAll(LINK), ([, inline, reference, image]) => inline ?? reference ?? image)
    .filter((target): target is string => target !== undefined && !/^[a-z][a-z+.-]*:/i.test(target))
    .flatMap((target) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
      const linked = pages.find((other) => other.path === path);
      if (!linked && !existsSync(join(root, path))) return [`${page.path}: ${target} does not exist`];
      if (anchor === undefined || linked === undefined || anchorsOf(linked).has(anchor)) return [];
      return [`${page.path}: ${target} has no such heading`];
    });
}

/** Scripts, paths and variables that a page names and the project does not have. */
export function unknownNames(page: Page, { root, scripts, variables, errorCodes }: Facts): string[] {
  const named = [
    ...Array.from(page.text.matchAll(NPM_SCRIPT), ([, run, short]) => run ?? short ?? '')
      .filter((name) => !scripts.has(name))
      .map((name) => `npm run ${name}: there is no such script`),
    ...Array.from(page.prose.matchAll(REPOSITORY_PATH), ([, path = '']) => path)
      .filter((path) => !/[*<>]|\.\.\./.test(path) && !existsSync(join(root, path)))
      .map((path) => `${path} does not exist`),
    ...Array.from(page.prose.matchAll(VARIABLE), ([, name = '']) => name)
      .filter((name) => !variables.has(name) && !errorCodes.has(name) && !FOREIGN_VARIABLE.test(name))
      .map((name) => `${name}: no code reads such a variable, or sends such an error code`),
  ];
  return [...new Set(named)].map((fault) => `${page.path}: ${fault}`);
}

/** Error codes that an answer can have and the reference does not explain. */
export function undocumentedCodes(reference: Page, { errorCodes }: Facts): string[] {
  return [...errorCodes]
    .filter((code) => !reference.text.includes(`\`${code}\``))
    .map((code) => `${reference.path}: the error code ${code} is not explained`);
}

/** Variables that the code reads and the page of settings does not name. */
export function undocumentedVariables(settings: Page, declared: ReadonlySet<string>): string[] {
  return [...declared]
    .filter((name) => !settings.text.includes(`\`${name}\``))
    .map((name) => `${settings.path}: ${name} is not described`);
}
