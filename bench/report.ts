import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const RESULTS = join(import.meta.dirname, 'results.md');

/** Medians of one candidate over all rounds. */
export interface Figures {
  readonly label: string;
  /** Microseconds of the server's CPU for one request. */
  readonly cpu: number;
  readonly requestsPerSecond: number;
}

/** A figure of the project's goals: a ratio, or an amount, and what it must not exceed (or fall below). */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly atLeast?: boolean;
  readonly unit?: string;
}

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

/** The comparison, each against raw Fastify. */
export function comparison(figures: readonly Figures[]): string {
  const base = figures.find(({ label }) => label === 'raw Fastify')?.cpu ?? NaN;
  const rows = figures.map(({ label, cpu, requestsPerSecond }) => [
    label,
    cpu.toFixed(1),
    (cpu / base).toFixed(2),
    Math.round(requestsPerSecond).toLocaleString('en'),
  ]);
  return table(['', 'CPU µs a request', '/ raw Fastify', 'requests a second'], rows);
}

/** The goals beside what was measured, met or not. */
export function goals(list: readonly Goal[]): string {
  const rows = list.map(({ name, value, limit, atLeast = false, unit = '' }) => {
    const isMet = atLeast ? value >= limit : value <= limit;
    const amount = `${value.toFixed(unit ? 1 : 2)}${unit}`;
    return [name, amount, `${atLeast ? '≥' : '≤'} ${limit}${unit}`, isMet ? 'met' : 'missed'];
  });
  return table(['figure', 'measured', 'goal', ''], rows);
}

/** What the figures were measured on. */
export function machine(): string {
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
