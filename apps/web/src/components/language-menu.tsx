import { LANGUAGES, NAMES, useTexts } from '../texts.js';

/** Changes the language without leaving the page: a link from a mail works once. */
export function LanguageMenu({ choose }: { readonly choose: (language: string) => void }) {
  const { language: current } = useTexts();
  return (
    <ul class="languages">
      {LANGUAGES.map((language) => (
        <li key={language}>
          <button
            type="button"
            class="link"
            lang={language}
            aria-current={language === current ? 'true' : undefined}
            onClick={() => choose(language)}
          >
            {NAMES[language]}
          </button>
        </li>
      ))}
    </ul>
  );
}
