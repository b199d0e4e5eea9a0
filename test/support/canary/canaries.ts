import { randomBytes } from 'node:crypto';

/**
 * What may be done with what a caller has typed. `secret`: nothing. `content`: the caller may read it in an answer
 * that succeeds, as a task's title. `name`: the name of a field that is not known, which an error may repeat.
 */
export type Kind = 'secret' | 'content' | 'name';

const WORD = 'canary';
const MARK = new RegExp(`${WORD}[0-9a-f]{24}`, 'gi');
/** The word as it looks within base64, at each offset that it may have there, and in hexadecimal. */
const ENCODED = [...[0, 1, 2].map((offset) => withinBase64(offset)), Buffer.from(WORD).toString('hex')];

/** Recognisable secrets, each planted in one place, and the search for them. */
export class Canaries {
  private readonly places = new Map<string, { readonly kind: Kind; readonly place: string }>();
  private readonly literals = new Map<string, string>();

  /** A new one: letters and digits, so that it looks the same however it is quoted or escaped. */
  plant(kind: Kind, place: string): string {
    const mark = WORD + randomBytes(12).toString('hex');
    this.places.set(mark, { kind, place });
    return mark;
  }

  /** Searches for a secret too that something else has made: a token, a key. */
  watch(secret: string, place: string): void {
    this.literals.set(secret, place);
  }

  get size(): number {
    return this.places.size + this.literals.size;
  }

  /** Where those that are in `text` were planted. */
  foundIn(text: string, kinds: readonly Kind[] = ['secret', 'content', 'name']): string[] {
    const marks = new Set(text.match(MARK)?.map((mark) => mark.toLowerCase()));
    const planted = Array.from(marks, (mark) => this.places.get(mark) ?? { kind: 'secret', place: mark });
    return [
      ...planted.filter(({ kind }) => kinds.includes(kind as Kind)).map(({ place }) => place),
      ...[...this.literals].filter(([secret]) => text.includes(secret)).map(([, place]) => place),
      ...ENCODED.filter((form) => text.includes(form)).map((form) => `something encoded: ${form}`),
    ];
  }
}

/** The characters that no neighbour has a part in. */
function withinBase64(offset: number): string {
  const whole = Buffer.from('x'.repeat(offset) + WORD).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + WORD.length) * 8) / 6);
  return whole.slice(first, last);
}
