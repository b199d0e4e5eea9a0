export const LANGUAGE_COOKIE = 'signet-language';

/**
 * The language of a visitor: the one chosen on a page before, else the first that the browser asks for and that
 * there is (RFC 9110 §12.5.4), else English.
 */
export function chooseLanguage(
  chosen: string | undefined,
  accepted: string | undefined,
  available: ReadonlyMap<string, unknown>,
): string {
  if (chosen !== undefined && available.has(chosen)) return chosen;
  const wishes = (accepted ?? '')
    .slice(0, 256)
    .split(',')
    .map((wish) => {
      const [range = '', ...parameters] = wish
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { language: range.split('-', 1)[0] ?? '', quality: Number(quality) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality);
  return wishes.find(({ language }) => available.has(language))?.language ?? 'en';
}
