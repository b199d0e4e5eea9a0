import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { MAX_LINE_BYTES, type Row } from './lines.js';
import { rowsOf } from './rows.js';

/** The rows of a file that comes in chunks of so many bytes. */
async function read(content: string | Uint8Array, chunk = 7): Promise<Row[]> {
  const bytes = Buffer.from(content);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  return Readable.from(rowsOf(Readable.from(chunks))).toArray();
}

const HEADER = 'email,password_hash\n';

describe('rows of a file', () => {
  it('are the lines of CSV below its header, numbered as in an editor', async () => {
    expect(
      await read(`\ufeffpassword_hash, Email ,note\r\n1,a@x,\r\n\r\n2,"b@x","one\r\n""two"""\r\n3,ç@x,`),
    ).toEqual([
      { line: 2, values: { email: 'a@x', password_hash: '1', note: '' } },
      { line: 4, values: { email: 'b@x', password_hash: '2', note: 'one\n"two"' } },
      { line: 6, values: { email: 'ç@x', password_hash: '3', note: '' } },
    ]);
  });

  it('are the objects of JSON Lines', async () => {
    expect(await read('{"email":"a@x"}\n\n[1]\nnull\n{"email":\n{"email":"b@x"}')).toEqual([
      { line: 1, values: { email: 'a@x' } },
      { line: 3, fault: 'is not a JSON object' },
      { line: 4, fault: 'is not a JSON object' },
      { line: 5, fault: 'is not a JSON object' },
      { line: 6, values: { email: 'b@x' } },
    ]);
  });

  it('go on behind one that is faulty', async () => {
    const bad = Buffer.concat([
      Buffer.from(`${HEADER}a@x,"1"2\nb@x\n`),
      Buffer.from([0x63, 0xff, 0x0a]),
      Buffer.from(`d@x,${'x'.repeat(MAX_LINE_BYTES)}\ne@x,5`),
    ]);
    const rows = await read(bad, 1_000);
    expect(rows).toEqual([
      { line: 2, fault: 'is not valid CSV' },
      { line: 3, fault: 'has 1 columns; the header has 2' },
      { line: 4, fault: 'is not UTF-8' },
      { line: 5, fault: 'is longer than 65536 bytes' },
      { line: 6, values: { email: 'e@x', password_hash: '5' } },
    ]);
  });

  it('of an empty file are none', async () => {
    expect(await read('')).toEqual([]);
    expect(await read(HEADER)).toEqual([]);
  });

  it.each([
    ['without a column', 'email,hash\n', 'the header has no column password_hash'],
    ['with a column twice', 'email,password_hash,email\n', 'the header has the column email twice'],
    ['that is an array', '[\n{}\n]', 'JSON array'],
    ['whose quote never ends', `${HEADER}a@x,"1\nb@x,2\n`, 'line 2: a quote that begins here is not closed'],
    ['whose quote ends too late', `${HEADER}"a@x\n${'b@x,2\n'.repeat(20_000)}"`, 'line 2: a quote'],
  ])('of a file %s are not guessed', async (_, content, reason) => {
    await expect(read(content, 1_000)).rejects.toThrow(reason);
  });
});
