import { useState } from 'preact/hooks';
import { EmailField } from '../components/field.js';
import { Form } from '../components/form.js';
import { Below, Card, ToPage } from '../components/layout.js';
import { NewPasswordField } from '../components/password-field.js';
import { client } from '../session.js';
import { linkTo, settings } from '../settings.js';
import { useTexts } from '../texts.js';

/** Says the same whether or not the address has an account. */
export function RegisterPage() {
  const t = useTexts();
  const [typed, setTyped] = useState('');
  const [email, setEmail] = useState<string>();

  async function register(credentials: { email?: string; password?: string }) {
    await client.register({ email: '', password: '', ...credentials });
    setEmail(credentials.email);
  }

  if (email !== undefined) {
    const answer = settings.verifiesEmail ? 'register.sent' : 'register.done';
    return (
      <Card title={t(`${answer}Title`)} isNext>
        <p>{t(answer, { email })}</p>
        {settings.verifiesEmail ? (
          <p class="hint">{t('register.sentHint')}</p>
        ) : (
          <ToPage page="login" label={t('login.submit')} />
        )}
      </Card>
    );
  }
  return (
    <>
      <Card title={t('register.title')}>
        <Form action={t('register.submit')} submit={register}>
          {(error) => (
            <>
              <EmailField
                label={t('email')}
                error={error('email')}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
              <NewPasswordField
                name="password"
                label={t('password')}
                email={typed}
                error={error('password')}
              />
            </>
          )}
        </Form>
      </Card>
      <Below>
        {t('register.hasAccount')} <a href={linkTo('login')}>{t('login.title')}</a>
      </Below>
    </>
  );
}
