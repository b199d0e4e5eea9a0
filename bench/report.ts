import { cpus } from 'node:os';

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
