/** One line of a file, or why it cannot be read. */
export type Line = { readonly number: number } & (
  { readonly text: string; readonly fault?: never } | { readonly fault: string }
);

/** What a row of a file says, column by column, or why it cannot be read. */
export type Row = { readonly line: number } & (
  { readonly values: Readonly<Record<string, unknown>>; readonly fault?: never } | { readonly fault: string }
);

/** Bytes; no row is nearly as long, and no file makes the import hold more at a time. */
export const MAX_LINE_BYTES = 65_536;
const LINE_FEED = 10;

/**
 * Splits UTF-8 into lines that are not empty, numbered from 1. A line that is too long or not UTF-8 is given as a
 * fault; the ones behind it are read all the same.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let [number, length] = [1, 0];
  let pieces: Uint8Array[] = [];
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      pieces.push(chunk.subarray(from, end));
      yield* lineOf(number++, pieces, length + end - from);
      [from, length, pieces] = [end + 1, 0, []];
    }
    length += chunk.length - from;
    // Of what is too long already only the length is of interest.
    if (length <= MAX_LINE_BYTES) pieces.push(chunk.subarray(from));
    else pieces = [];
  }
  yield* lineOf(number, pieces, length);
}

function* lineOf(number: number, pieces: readonly Uint8Array[], length: number): Generator<Line> {
  if (length > MAX_LINE_BYTES) {
    yield { number, fault: `is longer than ${MAX_LINE_BYTES} bytes` };
    return;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)).trimEnd();
    if (text !== '') yield { number, text };
  } catch {
    yield { number, fault: 'is not UTF-8' };
  }
}
