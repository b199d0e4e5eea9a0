/** `npm run docs:graph`: draws who imports whom into docs/architecture.md, as dependency-cruiser sees it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './services.ts';

const PAGE = join(ROOT, 'docs/architecture.md');
const PLACE = /<!-- graph -->[\s\S]*<!-- \/graph -->/;
/** Files in the root of an app put it together from all of its folders: they would draw an arrow to each. */
const DRAWINGS = [
  { title: 'Apps and libraries', only: '^(apps|libs)/', collapse: '^(apps|libs)/[^/]+' },
  {
    title: 'The folders of auth',
    only: '^apps/auth/src/[^/]+/',
    collapse: '^apps/auth/src/[^/]+',
  },
];

const drawings = DRAWINGS.map(
  ({ title, only, collapse }) => `### ${title}\n\n\`\`\`mermaid\n${draw(only, collapse)}\`\`\`\n`,
);
const page = readFileSync(PAGE, 'utf8');
writeFileSync(
  PAGE,
  page.replace(PLACE, () => `<!-- graph -->\n\n${drawings.join('\n')}\n<!-- /graph -->`),
);

function draw(only: string, collapse: string): string {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [
    '--config',
    '.dependency-cruiser.folders.js',
    '--output-type',
    'mermaid',
    '--include-only',
    only,
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cruiser, ...args, '--collapse', collapse, 'apps', 'libs'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`dependency-cruiser failed:\n${stderr}`);
  return stdout.replaceAll(/^style .*\n/gm, '');
}
