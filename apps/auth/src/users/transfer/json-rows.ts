import type { Line, Row } from './lines.js';

/** JSON Lines: one object on each line. */
export async function* jsonRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
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
