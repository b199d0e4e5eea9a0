import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../services.ts';

/** A Markdown page of the project. */
export interface Page {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text without fenced blocks: links and headings in them are examples. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

/** A fenced block. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Of the first line inside, counted from 1. */
  readonly line: number;
}

const PAGES = ['README.md', 'docs/**/*.md', 'libs/*/README.md', '.github/*.md', 'bench/*.md', 'test/**/*.md'];
const FENCE = /^([ \t]*)(`{3,})([\w-]*)[^\n]*\n([\s\S]*?)^\1\2[ \t]*$/gm;

/** Every page that a person may read, in the order of their paths. */
export function readPages(root = ROOT): Page[] {
  return globSync(PAGES, { cwd: root, exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => pageOf(path, readFileSync(join(root, path), 'utf8')));
}

export function pageOf(path: string, text: string): Page {
  const blocks = Array.from(text.matchAll(FENCE), ([whole, , , language = '', content = ''], index) => ({
    language,
    text: content,
    line: text.slice(0, text.indexOf(whole, index && 0)).split('\n').length + 1,
  }));
  return { path, text, prose: text.replaceAll(FENCE, ''), blocks };
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ prose }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6}[ \t]+(.+?)[ \t#]*$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  for (const [, id = ''] of prose.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}
