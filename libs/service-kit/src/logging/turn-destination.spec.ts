import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [DESTINATION, TYPESCRIPT] = ['turn-destination.ts', '../testing/typescript-imports.ts'].map((file) =>
  join(import.meta.dirname, file),
);

/** What a process prints that writes lines in a way of its own. */
function printedBy(program: string): string[] {
  const script = `import { turnDestination } from ${JSON.stringify(DESTINATION)};
    const output = turnDestination(); const log = (line) => output.write(line + '\\n'); ${program}`;
  const args = ['--import', TYPESCRIPT ?? '', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return `${stdout}${stderr.includes('a fault') ? '' : stderr}`.trim().split('\n');
}

test('lines of several turns are all written, in their order', () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index}`);
  expect(
    printedBy(`for (let line = 0; line < 3_000; line++) {
      log('line ' + line);
      if (line % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }`),
  ).toEqual(lines);
});

test.each([
  ['exits', `process.exit(0)`],
  ['throws', `throw new Error('a fault')`],
  ['has nothing more to do', ''],
])('a process that %s in the same turn loses no line', (_case, end) => {
  expect(printedBy(`log('first'); log('last'); ${end}`)).toEqual(['first', 'last']);
});
