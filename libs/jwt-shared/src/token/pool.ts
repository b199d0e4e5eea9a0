/** More different values than any deployment has clients or sets of scopes. */
const MAX_VALUES = 1024;

/** Keeps values that thousands of tokens share, such as a client's id, once. */
export class Pool<T> {
  readonly #values = new Map<string, T>();

  /** @param make the value of a text that is not in the pool yet */
  constructor(private readonly make: (text: string) => T) {}

  get(text: string): T {
    let value = this.#values.get(text);
    if (value === undefined) {
      value = this.make(text);
      // Starting over costs a little sharing; growing for ever would cost the memory that this is here to save.
      if (this.#values.size >= MAX_VALUES) this.#values.clear();
      this.#values.set(text, value);
    }
    return value;
  }
}
