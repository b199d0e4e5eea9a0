import { useState } from 'preact/hooks';
import { call } from '../session.js';
import { useTexts } from '../texts.js';
import { ConfirmedForm } from './confirmed.js';
import { Panel } from './panel.js';

export function DeletionPanel({ onDeleted }: { readonly onDeleted: () => void }) {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);

  async function remove({ password = '' }: Readonly<Record<string, string>>) {
    await call('DELETE', 'me', { password });
    onDeleted();
  }

  return (
    <Panel title={t('delete.title')} intro={t('delete.intro')}>
      {isOpen ? (
        <ConfirmedForm
          action={t('delete.submit')}
          submit={remove}
          label={t('passwordAgain')}
          isDangerous
          onCancel={() => setOpen(false)}
        />
      ) : (
        <button type="button" class="secondary danger-text" onClick={() => setOpen(true)}>
          {t('delete.open')}
        </button>
      )}
    </Panel>
  );
}
