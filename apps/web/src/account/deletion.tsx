import { call } from '../session.js';
import { useTexts } from '../texts.js';
import { ConfirmedForm } from './confirmed.js';
import { Panel } from './panel.js';

export function DeletionPanel({ onDeleted }: { readonly onDeleted: () => void }) {
  const t = useTexts();

  async function remove({ password = '' }: Readonly<Record<string, string>>) {
    await call('DELETE', 'me', { password });
    onDeleted();
  }

  return (
    <Panel title={t('delete.title')} intro={t('delete.intro')}>
      <ConfirmedForm
        opener={t('delete.open')}
        action={t('delete.submit')}
        submit={remove}
        label={t('passwordAgain')}
        isDangerous
      />
    </Panel>
  );
}
