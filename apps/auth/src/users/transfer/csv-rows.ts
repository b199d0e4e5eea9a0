import { parse } from 'csv-parse/sync';
import { MAX_LINE_BYTES, type Line, type Row } from './lines.js';

const REQUIRED = ['email', 'password_hash'];

/**
 * CSV with a header (RFC 4180). Columns that are not asked for are passed over.
 *
 * Each record is parsed by itself: the streaming parser, told to go on behind a fault, passes over good records too.
 *
 * @throws {Error} when the header lacks a column, or where a quote is never closed: what follows could be anything
 */
export async function* csvRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  let header: readonly string[] | undefined;
  for await (const { line, ...record } of records(lines)) {
    const cells = record.fault === undefined ? cellsOf(record.text) : undefined;
    if (header === undefined) header = headerOf(cells);
    else if (record.fault !== undefined) yield { line, fault: record.fault };
    else if (cells === undefined) yield { line, fault: 'is not valid CSV' };
    else if (cells.length !== header.length) {
      yield { line, fault: `has ${cells.length} columns; the header has ${header.length}` };
    } else yield { line, values: Object.fromEntries(header.map((name, i) => [name, cells[i]])) };
  }
}

type CsvRecord = { readonly line: number } & (
  { readonly text: string; readonly fault?: never } | { readonly fault: string }
);

/** Puts lines together that belong to one record: it ends where the number of quotes is even. */
async function* records(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord> {
  let open: { line: number; text: string } | undefined;
  for await (const { number, ...content } of lines) {
    if (content.fault !== undefined) {
      if (open) throw unclosed(open.line);
      yield { line: number, fault: content.fault };
      continue;
    }
    const record = open
      ? { ...open, text: `${open.text}\n${content.text}` }
      : { line: number, text: content.text };
    if (record.text.length > MAX_LINE_BYTES) throw unclosed(record.line);
    open = record.text.split('"').length % 2 === 1 ? undefined : record;
    if (!open) yield record;
  }
  if (open) throw unclosed(open.line);
}

function unclosed(line: number): Error {
  return new Error(`line ${line}: a quote that begins here is not closed`);
}

function cellsOf(text: string): string[] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: '\n' })[0];
  } catch {
    return undefined;
  }
}

function headerOf(cells: readonly string[] = []): readonly string[] {
  const names = cells.map((name) => name.trim().toLowerCase());
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`the header has no column ${missing.join(' and no ')}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`the header has the column ${twice} twice`);
  return names;
}
