/** `npm run docs:check`: what the docs name exists, what can happen is documented, and no merge has left its marks. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from './docs/facts.ts';
import { deadLinks, markersIn, undocumentedCodes, unknownNames } from './docs/faults.ts';
import { readPages } from './docs/pages.ts';
import { ROOT } from './services.ts';

const ERROR_REFERENCE = 'docs/errors.md';
const LONGEST_README = 120;

const facts = readFacts();
const pages = readPages();
const reference = pages.find(({ path }) => path === ERROR_REFERENCE);
const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length - 1;

const faults = [
  ...trackedTexts().flatMap(([path, text]) => markersIn(path, text)),
  ...pages.flatMap((page) => [...deadLinks(page, pages, facts), ...unknownNames(page, facts)]),
  ...(reference ? undocumentedCodes(reference, facts) : [`${ERROR_REFERENCE} does not exist`]),
  ...(lines > LONGEST_README ? [`README.md has ${lines} lines, more than ${LONGEST_README}`] : []),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(
  `${pages.length} pages, ${facts.errorCodes.size} error codes: ${faults.length} faults\n`,
);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Every text file that git tracks; where there is no checkout, the pages alone. */
function trackedTexts(): [path: string, text: string][] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return files
    .filter((path) => path !== '' && !/\.(png|jpg|ico|woff2|tgz|dump)$/.test(path))
    .map((path) => [path, readText(path)] as const)
    .flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as [string, string]]));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined; // removed, and not committed yet
  }
}
