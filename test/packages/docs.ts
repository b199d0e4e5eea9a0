import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/services.js';

/** What a newcomer reads. */
export const README = 'libs/jwt-shared/README.md';
export const TESTING = 'docs/testing.md';

/** The last block of code below a heading of a page. */
export function blockOf(page: string, heading: string): string {
  const [, section = ''] = readFileSync(join(ROOT, page), 'utf8').split(`\n## ${heading}\n`);
  const [below = ''] = section.split('\n## ');
  const block = Array.from(below.matchAll(/```\w+\n([^]*?)```/g), ([, text]) => text).at(-1);
  if (block === undefined) throw new Error(`${page}: no block below "${heading}"`);
  return block;
}

/** The blocks that begin with the path of a file. */
export function documentedFiles(): Record<string, string> {
  const pages = [README, TESTING].map((page) => readFileSync(join(ROOT, page), 'utf8')).join('\n');
  return Object.fromEntries(
    Array.from(pages.matchAll(/```ts\n\/\/ (src\/\S+)\n([^]*?)```/g), ([, path = '', text = '']) => [
      path,
      text,
    ]),
  );
}
