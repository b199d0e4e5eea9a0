/** One event of a stream (WHATWG HTML §9.2). */
export interface StreamEvent {
  readonly name: string | undefined;
  readonly data: string;
  /** What stands behind a colon; an event that has nothing else is a sign of life. */
  readonly comment: string | undefined;
}

/** Of one event: a snapshot comes in several, so that there is no limit on the whole of it. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/** How an event begins that is more than a comment. */
const BEGINNING = /^(event|data):/;

/**
 * Reads server-sent events. Only as much of the format as one's own server writes: lines end in LF.
 *
 * @param onPart called when a part of an event has come, as long as that is not complete
 * @throws {Error} when an event is longer than 16 MiB
 */
export async function* readEvents(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onPart: () => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    pieces.push(text);
    length += text.length;
    if (length > MAX_EVENT_LENGTH) throw new Error('an event of the stream is too long');
    // Joining at every chunk would make a long event cost the square of its length.
    if (text.includes('\n')) {
      const blocks = pieces.join('').split('\n\n');
      const rest = blocks.pop() ?? '';
      pieces.splice(0, pieces.length, rest);
      length = rest.length;
      for (const block of blocks) yield parseEvent(block);
    }
    if (BEGINNING.test(pieces[0] ?? '')) onPart();
  }
}

function parseEvent(block: string): StreamEvent {
  let name: string | undefined;
  let comment: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') name = value;
    else if (field === '') comment = value;
    else if (field === 'data' && value !== undefined) data.push(value);
  }
  return { name, data: data.join('\n'), comment };
}
