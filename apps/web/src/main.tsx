import { render } from 'preact';
import { useState } from 'preact/hooks';
import { LanguageMenu } from './components/language-menu.js';
import { AccountPage } from './pages/account.js';
import { LoginPage } from './pages/login.js';
import { RegisterPage } from './pages/register.js';
import { ResetPasswordPage } from './pages/reset-password.js';
import { VerifyEmailPage } from './pages/verify-email.js';
import { settings } from './settings.js';
import './styles.css';
import { loadTexts, TextsContext, type Translate } from './texts.js';

const PAGES = {
  login: LoginPage,
  register: RegisterPage,
  'verify-email': VerifyEmailPage,
  'reset-password': ResetPasswordPage,
  account: AccountPage,
};
const YEAR = 365 * 86_400;

function App({ texts: first }: { readonly texts: Translate }) {
  const [texts, setTexts] = useState(() => first);
  const Page = PAGES[settings.page];

  async function choose(language: string) {
    const chosen = await loadTexts(language);
    document.documentElement.lang = language;
    const security = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `signet-language=${language}; Path=/; Max-Age=${YEAR}; SameSite=Lax${security}`;
    setTexts(() => chosen);
  }

  return (
    <TextsContext.Provider value={texts}>
      <main class={settings.page}>
        <Page />
      </main>
      <footer>
        <LanguageMenu choose={(language) => void choose(language)} />
      </footer>
    </TextsContext.Provider>
  );
}

const root = document.getElementById('app')!;
const texts = await loadTexts(document.documentElement.lang);
root.replaceChildren();
render(<App texts={texts} />, root);
