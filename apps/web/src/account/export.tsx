import { useState } from 'preact/hooks';
import { call } from '../session.js';
import { useTexts } from '../texts.js';
import { ConfirmedForm } from './confirmed.js';
import { Panel } from './panel.js';

export function ExportPanel() {
  const t = useTexts();
  const [done, setDone] = useState<string>();

  async function download({ password = '' }: Readonly<Record<string, string>>) {
    const response = await call('POST', 'me/export', { password });
    save(await response.blob(), 'my-data.json');
    setDone(t('export.done'));
  }

  return (
    <Panel title={t('export.title')} intro={t('export.intro')} done={done}>
      <ConfirmedForm
        opener={t('export.open')}
        action={t('export.submit')}
        submit={download}
        label={t('passwordAgain')}
      />
    </Panel>
  );
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
