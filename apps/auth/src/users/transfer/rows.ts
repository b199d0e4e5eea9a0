import { csvRows } from './csv-rows.js';
import { linesOf, type Line, type Row } from './lines.js';

/**
 * Reads the rows of a file: JSON Lines if it begins with an object, otherwise CSV with a header (RFC 4180).
 *
 * @throws {Error} when it is neither
 */
export async function* rowsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const lines = linesOf(source);
  const { value: first, done } = await lines.next();
  if (done) return;
  if (first.fault !== undefined) throw new Error(`line ${first.number} ${first.fault}`);
  if (first.text.startsWith('[')) {
    throw new Error('the file begins with a JSON array; JSON Lines have one object on each line');
  }
  const all = chain(first, lines);
  yield* first.text.startsWith('{') ? jsonRows(all) : csvRows(all);
}

async function* chain(first: Line, others: AsyncIterable<Line>): AsyncGenerator<Line> {
  yield first;
  yield* others;
}

/** JSON Lines: one object on each line. */
async function* jsonRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  for await (const { number: line, ...content } of lines) {
    yield content.fault === undefined ? { line, ...parse(content.text) } : { line, fault: content.fault };
  }
}

function parse(text: string): { values: Record<string, unknown> } | { fault: string } {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { values: values as Record<string, unknown> };
    }
  } catch {
    // The parser's words would repeat what the line says, hash and all.
  }
  return { fault: 'is not a JSON object' };
}
