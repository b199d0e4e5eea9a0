import { useState } from 'preact/hooks';
import { NewPasswordField } from '../components/password-field.js';
import { call } from '../session.js';
import { useTexts } from '../texts.js';
import { ConfirmedForm } from './confirmed.js';
import { Panel } from './panel.js';

export function PasswordPanel({ email }: { readonly email: string }) {
  const t = useTexts();
  const [done, setDone] = useState<string>();

  async function change({ current_password, new_password }: Readonly<Record<string, string>>) {
    await call('POST', 'password', { current_password, new_password });
    setDone(t('password.done'));
  }

  return (
    <Panel title={t('password.title')} intro={t('password.intro')} done={done}>
      <ConfirmedForm
        action={t('password.submit')}
        submit={change}
        name="current_password"
        label={t('currentPassword')}
      >
        {(error) => (
          <>
            {/* For password managers, which have to know whose password changes. */}
            <input hidden readOnly name="username" autoComplete="username" value={email} />
            <NewPasswordField
              name="new_password"
              label={t('newPassword')}
              email={email}
              error={error('new_password')}
            />
          </>
        )}
      </ConfirmedForm>
    </Panel>
  );
}
