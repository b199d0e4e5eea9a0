import { useState } from 'preact/hooks';
import { EmailField } from '../components/field.js';
import { call } from '../session.js';
import { useTexts } from '../texts.js';
import { ConfirmedForm } from './confirmed.js';
import { Panel } from './panel.js';

export function EmailPanel() {
  const t = useTexts();
  const [done, setDone] = useState<string>();

  async function change({ new_email = '', password = '' }: Readonly<Record<string, string>>) {
    await call('POST', 'email', { new_email, password });
    setDone(t('email.done', { email: new_email }));
  }

  return (
    <Panel title={t('email.title')} intro={t('email.intro')} done={done}>
      <ConfirmedForm action={t('email.submit')} submit={change} label={t('passwordAgain')}>
        {(error) => (
          <EmailField
            name="new_email"
            autoComplete="email"
            label={t('email.new')}
            error={error('new_email')}
          />
        )}
      </ConfirmedForm>
    </Panel>
  );
}
