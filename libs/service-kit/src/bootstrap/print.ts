/**
 * Prints what a command has found to standard output: one JSON value for machines, or lines for people.
 *
 * @param json as the option `--json` gives it
 */
export function print(json: boolean | undefined, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
}

/**
 * Rows in columns, below their names.
 *
 * @param whenEmpty stands in for headings with nothing below them
 */
export function table<Name extends string>(
  rows: readonly Readonly<Record<Name, unknown>>[],
  columns: readonly Name[],
  whenEmpty = 'There are none.',
): string[] {
  if (rows.length === 0) return [whenEmpty];
  const cells = [columns, ...rows.map((row) => columns.map((name) => String(row[name] ?? '-')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const padded = (line: readonly string[]) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0));
  return cells.map((line) => padded(line).join('  ').trimEnd());
}
