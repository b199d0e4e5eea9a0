import { isUtf8 } from 'node:buffer';

/** No honest header or payload nests deeper; the bound keeps the walk below from being a way to fill the stack. */
const MAX_DEPTH = 16;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Reads a JSON object as RFC 8725 §2.4 and RFC 7515 §4 want it: valid UTF-8 without a byte order mark, and no
 * member name twice in any object, however it is spelt. Two parsers that choose differently between duplicates
 * see two different tokens under one signature.
 *
 * @throws {SyntaxError} for anything else
 */
export function parseStrictObject(bytes: Uint8Array): Record<string, unknown> {
  if (!isUtf8(bytes)) throw new SyntaxError('not valid UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new SyntaxError('not an object');
  // JSON.parse keeps one of each set of duplicates, with escapes resolved: fewer members than were written.
  if (countMembers(value, 0) !== countWrittenMembers(text))
    throw new SyntaxError('a member name appears twice');
  return value;
}

/** Whether a JSON value is an object, which an array is not. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countMembers(value: object, depth: number): number {
  if (depth > MAX_DEPTH) throw new SyntaxError('nested too deeply');
  let members = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const child of Object.values(value) as unknown[]) {
    if (typeof child === 'object' && child !== null) members += countMembers(child, depth + 1);
  }
  return members;
}

/** In valid JSON every member is written with exactly one colon outside of strings. */
function countWrittenMembers(text: string): number {
  let members = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === QUOTE) inString = !inString;
    else if (char === COLON && !inString) members++;
    else if (char === BACKSLASH) i++;
  }
  return members;
}
