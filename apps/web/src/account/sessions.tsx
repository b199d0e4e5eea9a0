import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../components/layout.js';
import { explain } from '../explain.js';
import { call, client } from '../session.js';
import { useTexts, type TextKey } from '../texts.js';
import { deviceOf, shorten } from './device.js';
import { Panel } from './panel.js';

interface Session {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly user_agent: string | null;
  readonly ip: string;
  readonly current: boolean;
}

export function SessionsPanel() {
  const t = useTexts();
  const [sessions, setSessions] = useState<readonly Session[]>([]);
  const [done, setDone] = useState<string>();
  const [problem, setProblem] = useState<string>();

  async function load() {
    const response = await call('GET', 'sessions');
    setSessions(((await response.json()) as { sessions: Session[] }).sessions);
  }

  /** Shows what has come of it, whichever way it went. */
  async function attempt(work: () => Promise<unknown>, said?: TextKey) {
    try {
      await work();
      await load();
      setProblem(undefined);
      setDone(said && t(said));
    } catch (error) {
      setProblem(explain(error, t).message);
      setDone(undefined);
    }
  }

  useEffect(() => void attempt(async () => undefined), []);

  const end = ({ id, current }: Session) =>
    current
      ? client.logout().catch((error: unknown) => setProblem(explain(error, t).message))
      : attempt(() => call('DELETE', `sessions/${id}`), 'sessions.ended');

  return (
    <Panel title={t('sessions.title')} intro={t('sessions.intro')} done={done}>
      <Problem text={problem} />
      <ul class="sessions">
        {sessions.map((session) => (
          <SessionItem key={session.id} session={session} end={() => void end(session)} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <div class="actions">
          <button
            type="button"
            class="secondary"
            onClick={() => void attempt(() => call('DELETE', 'sessions'), 'sessions.othersEnded')}
          >
            {t('sessions.endOthers')}
          </button>
        </div>
      )}
    </Panel>
  );
}

function SessionItem({ session, end }: { readonly session: Session; readonly end: () => void }) {
  const t = useTexts();
  const known = deviceOf(session.user_agent ?? '');
  const agent = shorten(session.user_agent ?? t('sessions.unknown'));
  const device = known ? t('sessions.on', { ...known }) : agent;
  const begun = new Date(session.created_at).toLocaleString(t.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <li>
      <div>
        <p class="device">
          {device} {session.current && <span class="badge good">{t('sessions.current')}</span>}
        </p>
        <p class="hint">
          {t('sessions.used', { time: relative(session.last_used_at, t.locale) })} · {session.ip}
        </p>
        <p class="hint">{t('sessions.begun', { time: begun })}</p>
      </div>
      <button
        type="button"
        class="secondary small"
        aria-label={t('sessions.endOf', { device })}
        onClick={end}
      >
        {t('sessions.end')}
      </button>
    </li>
  );
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** As people say it: two hours ago; now in the first minute. */
function relative(time: string, locale: string): string {
  const seconds = (new Date(time).getTime() - Date.now()) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const [unit, size] = UNITS.find((each) => -seconds >= each[1]) ?? ['second', Infinity];
  return format.format(Math.min(0, Math.round(seconds / size)), unit);
}
