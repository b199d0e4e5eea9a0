/** What a setting may be. Plain, so that it needs no validation library. */
export interface Rule<T> {
  /** What counts while nothing is set. */
  readonly fallback?: T;
  /** Whether an environment variable, which is text, is to be read as a number. */
  readonly isNumber?: boolean;
  /**
   * What is wrong with a value, as the end of a sentence that begins with its name and never shows the value;
   * nothing for a value that is right.
   *
   * @param all the settings that it stands beside
   */
  faultOf(value: unknown, all: Readonly<Record<string, unknown>>): string | undefined;
}

/** A rule for each of the settings of `T`. */
export type Rules<T> = { readonly [Name in keyof T]-?: Rule<T[Name]> };

/** A value that `test` takes. */
export function rule<T>(
  test: (value: unknown, all: Readonly<Record<string, unknown>>) => boolean,
  fault: string,
): Rule<T> {
  return { faultOf: (value, all) => (test(value, all) ? undefined : fault) };
}

/** A whole number from `min` to `max`. @param unit such as `seconds`, for the message */
export function wholeNumber(min: number, max: number, fallback: number, unit?: string): Rule<number> {
  const fault = `must be a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`;
  const isRight = (value: unknown) =>
    Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return { fallback, isNumber: true, ...rule(isRight, fault) };
}

export function oneOf<T extends string>(values: readonly T[], fallback: T): Rule<T> {
  return { fallback, ...rule((value) => values.includes(value as T), `must be one of ${values.join(', ')}`) };
}

/** A text that `test` takes. */
export function text<T extends string | undefined>(
  test: (value: string) => boolean,
  fault: string,
  fallback?: T,
): Rule<T> {
  return {
    ...(fallback !== undefined && { fallback }),
    ...rule((value) => typeof value === 'string' && test(value), fault),
  };
}

/** The same rule for a setting that need not be set. */
export function optional<T>(set: Rule<T>): Rule<T | undefined> {
  return { faultOf: (value, all) => (value === undefined ? undefined : set.faultOf(value, all)) };
}

/** `http://` or `https://`, with a host. */
export function isWebUrl(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null && /^https?:$/.test(url.protocol) && /^https?:\/\/[^/]/i.test(value) && !/\s/.test(value)
  );
}

/** The names in a comma separated list. */
export function namesIn(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}
