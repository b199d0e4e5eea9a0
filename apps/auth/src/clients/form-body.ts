/** The parameters of a form (`application/x-www-form-urlencoded`), none of which may be repeated (RFC 6749 §3.2). */
export class FormBody {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    /** A parameter that was given twice, if there is one. */
    readonly repeated: string | undefined,
  ) {}

  static parse(text: string): FormBody {
    const values = new Map<string, string>();
    let repeated: string | undefined;
    for (const [name, value] of new URLSearchParams(text)) {
      if (values.has(name)) repeated ??= name;
      values.set(name, value);
    }
    return new FormBody(values, repeated);
  }

  /** A parameter; one without a value counts as left out (RFC 6749 §3.2). */
  get(name: string): string | undefined {
    return this.values.get(name) || undefined;
  }
}
