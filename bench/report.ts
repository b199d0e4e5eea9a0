import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const RESULTS = join(import.meta.dirname, 'results.md');

/** A Markdown table, its columns padded so that it reads as plain text too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map((row) => line(row))].join(
    '\n',
  );
}

/** Prints how a benchmark is used, and ends, when that is asked for. */
export function help(text: string): void {
  if (!process.argv.includes('--help')) return;
  process.stdout.write(text);
  process.exit(0);
}

/** Prints the report of `npm run bench:<name>`, and puts it into bench/results.md. @param lines after the first of it, which says on what and when */
export function publish(name: string, title: string, ...lines: readonly string[]): void {
  const text = [`# ${title}\n`, measured(`npm run bench:${name}`), ...lines].join('\n');
  process.stdout.write(`\n${text}\n`);
  save(name, text);
}

/** On what, when and by which command. */
export function measured(command: string): string {
  return `${machine()}; ${new Date().toISOString().slice(0, 10)}; \`${command}\``;
}

/** What the figures were measured on. */
function machine(): string {
  const { length } = cpus();
  return `${length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, ${process.platform}`;
}

/** Puts one benchmark's report into bench/results.md, in the place of its last one; others stay. */
export function save(name: string, report: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '';
  const section = `${begin}\n\n${report.trim()}\n\n${end}\n`;
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from < 0
      ? `${before}${before && '\n'}${section}`
      : `${before.slice(0, from)}${section}${before.slice(to + end.length + 1)}`;
  writeFileSync(RESULTS, after);
  process.stderr.write(`\nwritten to ${RESULTS}\n`);
}
