import { useState } from 'preact/hooks';
import { Form } from '../components/form.js';
import { Card, ToPage } from '../components/layout.js';
import { PasswordField } from '../components/password-field.js';
import { wrongPassword } from '../explain.js';
import { callOpen, Refused } from '../session.js';
import { linkToken } from '../settings.js';
import { useTexts } from '../texts.js';

/**
 * Confirms an address by the token of a link, and only when the visitor presses the button: programs open links too.
 * The link of a registration needs its password as well, which auth tells.
 */
export function VerifyEmailPage() {
  const t = useTexts();
  const [step, setStep] = useState<'confirm' | 'password' | 'done' | 'failed'>('confirm');

  async function confirm({ password }: { password?: string }) {
    try {
      await callOpen('email/verify', { token: linkToken, ...(password !== undefined && { password }) });
      setStep('done');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'INVALID_ONE_TIME_TOKEN') return setStep('failed');
      const wantsPassword = error.errors.some(({ field }) => field === 'password');
      if (!wantsPassword || step === 'password') throw error;
      setStep('password');
    }
  }

  if (linkToken === undefined) {
    return (
      <Card title={t('verify.title')}>
        <p>{t('verify.noToken')}</p>
      </Card>
    );
  }
  if (step === 'done' || step === 'failed') {
    return (
      <Card title={t(`verify.${step}Title`)} isNext>
        <p>{t(`verify.${step}`)}</p>
        <ToPage page="login" label={t('login.submit')} />
      </Card>
    );
  }
  return (
    <Card title={t('verify.title')} isNext={step === 'password'}>
      <p>{t(step === 'password' ? 'verify.passwordIntro' : 'verify.intro')}</p>
      <Form
        action={t('verify.submit')}
        submit={confirm}
        explainOtherwise={(error) => wrongPassword(error, 'password', t)}
      >
        {(error) =>
          step === 'password' && (
            <PasswordField name="password" label={t('password')} error={error('password')} />
          )
        }
      </Form>
    </Card>
  );
}
