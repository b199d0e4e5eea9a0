import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../services.ts';
import type { Facts } from './faults.ts';

const SOURCES = [
  'apps/**/*.ts',
  'libs/**/*.{ts,ts.template}',
  'scripts/**/*.ts',
  'bench/**/*.ts',
  'test/support/**/*.ts',
];
const NOT_OURS = ['**/node_modules/**', '**/dist/**'];
const NAME = '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*';
/** `new ProblemException(404, 'TASK_NOT_FOUND', …)`, `{ status: 404, code: '…' }`, and helpers of the same order. */
const SENT_WITH_STATUS = new RegExp(`\\b(?:[1-5]\\d\\d|status),\\s*(?:code: )?'(${NAME})'`, 'g');
/** The union of codes that the guard answers with. */
const CODE_UNION = /type \w*ProblemCode =([^;]+);/g;
const QUOTED = new RegExp(`'(${NAME})'`, 'g');
const ANY_NAME = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g;

/** Reads off the sources what there is. */
export function readFacts(root = ROOT): Facts {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const variables = new Set(['PORT', 'HOST']);
  const errorCodes = new Set<string>();
  for (const file of globSync(SOURCES, { cwd: root, exclude: NOT_OURS })) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [name] of text.matchAll(ANY_NAME)) variables.add(name);
    if (/\.spec\.ts$|\/testing\/|^(scripts|bench|test)\//.test(file.replaceAll('\\', '/'))) continue;
    for (const [, code = ''] of text.matchAll(SENT_WITH_STATUS)) errorCodes.add(code);
    for (const [, union = ''] of text.matchAll(CODE_UNION))
      for (const [, code = ''] of union.matchAll(QUOTED)) errorCodes.add(code);
  }
  for (const file of ['docker-compose.yml', '.ci/run', 'Dockerfile'])
    for (const [name] of readFileSync(join(root, file), 'utf8').matchAll(ANY_NAME)) variables.add(name);
  return { root, scripts: new Set(Object.keys(scripts)), variables, errorCodes };
}
