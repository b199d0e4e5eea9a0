import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type english from './texts/en.json';

export type TextKey = keyof typeof english;
type Texts = Readonly<Record<TextKey, string>>;
type Values = Readonly<Record<string, string | number>>;

/** A language is a file in `texts`; the one that a visitor reads is loaded, and no other. */
const FILES = import.meta.glob<Texts>('./texts/*.json', { import: 'default' });

export const LANGUAGES = Object.keys(FILES).map((file) => file.slice('./texts/'.length, -'.json'.length));

/** As they name themselves. */
export const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  LANGUAGES.map((language) => [
    language,
    new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language,
  ]),
);

export async function loadTexts(language: string): Promise<Translate> {
  const texts = await FILES[`./texts/${language}.json`]!();
  const locale = navigator.languages.find((each) => each.split('-', 1)[0] === language) ?? language;
  return Object.assign((key: TextKey, values: Values = {}) => fill(texts[key], values), { language, locale });
}

/** The text of a key in the visitor's language, with its values put in. */
export interface Translate {
  (key: TextKey, values?: Values): string;
  readonly language: string;
  /** In which dates are written: the visitor's own, of this language. */
  readonly locale: string;
}

export const TextsContext = createContext<Translate>(
  Object.assign((key: TextKey) => key, { language: 'en', locale: 'en' }),
);

export const useTexts = (): Translate => useContext(TextsContext);

function fill(text: string, values: Values): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
