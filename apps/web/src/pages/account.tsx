import type { User } from '@signet/browser-client';
import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { DeletionPanel } from '../account/deletion.js';
import { EmailPanel } from '../account/email.js';
import { ExportPanel } from '../account/export.js';
import { PasswordPanel } from '../account/password.js';
import { ProfilePanel } from '../account/profile.js';
import { SessionsPanel } from '../account/sessions.js';
import { Card, Problem } from '../components/layout.js';
import { explain } from '../explain.js';
import { client, whoIsLoggedIn } from '../session.js';
import { base, settings } from '../settings.js';
import { useTexts } from '../texts.js';

type State = { readonly user?: User; readonly isDeleted?: true; readonly problem?: string };

export function AccountPage() {
  const t = useTexts();
  const [{ user, isDeleted, problem }, setState] = useState<State>({});

  useEffect(() => {
    document.title = `${t('account.title')} · ${settings.service}`;
    const leave = () => location.replace(`${base}/login?return_to=account`);
    whoIsLoggedIn().then(
      (known) => (known ? setState({ user: known }) : leave()),
      (error: unknown) => setState({ problem: explain(error, t).message }),
    );
    // A logout in another tab, or a session that was ended from elsewhere.
    return client.onChange((known) =>
      setState((state) => {
        if (!known && !state.isDeleted) leave();
        return known ? { user: known } : state;
      }),
    );
  }, []);

  if (isDeleted) {
    return (
      <Card title={t('delete.doneTitle')} isNext>
        <p>{t('delete.done')}</p>
      </Card>
    );
  }
  if (!user) {
    return (
      <div class="card">
        <Problem text={problem} />
        {!problem && <p role="status">{t('loading')} …</p>}
      </div>
    );
  }
  const logOut = () =>
    client.logout().catch((error: unknown) => setState({ user, problem: explain(error, t).message }));
  return (
    // Nothing of one person stays on the page of another, who has logged in in another tab.
    <Fragment key={user.user_id}>
      <div class="account-head">
        <h1>{t('account.title')}</h1>
        <button type="button" class="secondary" onClick={() => void logOut()}>
          {t('account.logout')}
        </button>
      </div>
      <Problem text={problem} />
      <ProfilePanel user={user} />
      <SessionsPanel />
      <PasswordPanel email={user.email} />
      <EmailPanel />
      <ExportPanel />
      <DeletionPanel onDeleted={() => setState({ isDeleted: true })} />
    </Fragment>
  );
}
