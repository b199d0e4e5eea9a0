import { useEffect } from 'preact/hooks';
import { EmailField } from '../components/field.js';
import { Form } from '../components/form.js';
import { Below, Card } from '../components/layout.js';
import { PasswordField } from '../components/password-field.js';
import { client, goOn, whoIsLoggedIn } from '../session.js';
import { linkTo, settings } from '../settings.js';
import { useTexts } from '../texts.js';

export function LoginPage() {
  const t = useTexts();
  const { returnTo = '' } = settings;
  const host = URL.canParse(returnTo) ? new URL(returnTo).host : undefined;

  // A visitor who is logged in already has nothing to do here. Without an answer the form is as good.
  useEffect(
    () =>
      void whoIsLoggedIn().then(
        (user) => user && goOn(),
        () => undefined,
      ),
    [],
  );

  async function logIn({ email = '', password = '' }) {
    await client.login({ email, password });
    goOn();
  }

  return (
    <>
      <Card title={t('login.title')}>
        {host && <p class="lead">{t('login.returnTo', { host })}</p>}
        <Form action={t('login.submit')} submit={logIn}>
          {(error) => (
            <>
              <EmailField label={t('email')} error={error('email')} />
              <PasswordField name="password" label={t('password')} error={error('password')} />
              <p class="aside">
                <a href={linkTo('reset-password')}>{t('login.forgot')}</a>
              </p>
            </>
          )}
        </Form>
      </Card>
      <Below>
        {t('login.noAccount')} <a href={linkTo('register')}>{t('login.register')}</a>
      </Below>
    </>
  );
}
