import { useState } from 'preact/hooks';
import { EmailField } from '../components/field.js';
import { Form } from '../components/form.js';
import { Below, Card, ToPage } from '../components/layout.js';
import { NewPasswordField } from '../components/password-field.js';
import { callOpen, Refused } from '../session.js';
import { linkTo, linkToken } from '../settings.js';
import { useTexts } from '../texts.js';

export function ResetPasswordPage() {
  return linkToken === undefined ? <AskForLink /> : <ChoosePassword token={linkToken} />;
}

/** Says the same for every address. */
function AskForLink() {
  const t = useTexts();
  const [email, setEmail] = useState<string>();

  async function ask({ email: address = '' }) {
    await callOpen('password/forgot', { email: address });
    setEmail(address);
  }

  if (email !== undefined) {
    return (
      <Card title={t('reset.sentTitle')} isNext>
        <p>{t('reset.sent', { email })}</p>
        <p class="hint">{t('reset.sentHint')}</p>
        <ToPage page="login" label={t('login.title')} />
      </Card>
    );
  }
  return (
    <>
      <Card title={t('reset.title')}>
        <p>{t('reset.intro')}</p>
        <Form action={t('reset.submit')} submit={ask}>
          {(error) => <EmailField label={t('email')} error={error('email')} />}
        </Form>
      </Card>
      <Below>
        <a href={linkTo('login')}>{t('login.title')}</a>
      </Below>
    </>
  );
}

function ChoosePassword({ token }: { readonly token: string }) {
  const t = useTexts();
  const [step, setStep] = useState<'choose' | 'done' | 'failed'>('choose');

  async function reset({ new_password = '' }) {
    try {
      await callOpen('password/reset', { token, new_password });
      setStep('done');
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'INVALID_ONE_TIME_TOKEN') throw error;
      setStep('failed');
    }
  }

  if (step === 'done') {
    return (
      <Card title={t('reset.doneTitle')} isNext>
        <p>{t('reset.done')}</p>
        <ToPage page="login" label={t('login.submit')} />
      </Card>
    );
  }
  if (step === 'failed') {
    return (
      <Card title={t('verify.failedTitle')} isNext>
        <p>{t('reset.failed')}</p>
        <ToPage page="reset-password" label={t('reset.again')} />
      </Card>
    );
  }
  return (
    <Card title={t('reset.chooseTitle')}>
      <p>{t('reset.choose')}</p>
      <Form action={t('reset.chooseSubmit')} submit={reset}>
        {(error) => (
          <NewPasswordField name="new_password" label={t('newPassword')} error={error('new_password')} />
        )}
      </Form>
    </Card>
  );
}
