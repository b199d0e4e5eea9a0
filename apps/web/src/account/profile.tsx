import type { User } from '@signet/browser-client';
import { useTexts } from '../texts.js';
import { Panel } from './panel.js';

export function ProfilePanel({ user }: { readonly user: User }) {
  const t = useTexts();
  const date = new Date(user.created_at).toLocaleDateString(t.locale, { dateStyle: 'long' });
  return (
    <Panel title={t('profile.title')}>
      <dl class="facts">
        <dt>{t('email')}</dt>
        <dd>
          {user.email}{' '}
          <span class={user.email_verified ? 'badge good' : 'badge'}>
            {t(user.email_verified ? 'account.verified' : 'account.unverified')}
          </span>
        </dd>
        <dt>{t('profile.id')}</dt>
        <dd>
          <code>{user.user_id}</code>
        </dd>
      </dl>
      <p class="hint">{t('account.since', { date })}</p>
    </Panel>
  );
}
