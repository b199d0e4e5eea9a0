import { NotLeading, type AccountEventStore } from '@signet/account-events';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** One connection has one transaction at a time: `AccountEventsModule.forRoot({ store: sqliteStore(db), concurrency: 1 })`. */
export function sqliteStore(db: DatabaseSync): AccountEventStore<DatabaseSync> {
  db.exec(`
    create table if not exists handled (jti text primary key, at real);
    create table if not exists begun (jti text primary key, attempts int);
    create table if not exists aside (jti text primary key, event text, error text, attempts int, at real, retried int);
    create table if not exists lease (one int primary key, holder text, until real)`);
  const now = () => Date.now() / 1000;
  const run = (sql: string, ...values: SQLInputValue[]) => Number(db.prepare(sql).run(...values).changes);
  const all = (sql: string, ...values: SQLInputValue[]) => db.prepare(sql).all(...values);
  const isLeading = (holder: string) =>
    all('select 1 from lease where holder = ? and until > ?', holder, now()).length > 0;
  return {
    lead: async (holder, seconds) =>
      run(
        `insert into lease values (1, ?1, ?2)
          on conflict do update set holder = ?1, until = ?2 where holder = ?1 or until < ?3`,
        holder,
        now() + seconds,
        now(),
      ) > 0,
    resign: async (holder) => void run('delete from lease where holder = ?', holder),
    begin: async (jti, holder) => {
      if (!isLeading(holder)) throw new NotLeading();
      run('insert into begun values (?, 1) on conflict do update set attempts = attempts + 1', jti);
      return Number(all('select attempts from begun where jti = ?', jti)[0]!['attempts']);
    },
    listBegun: async () =>
      new Map(all('select * from begun').map((row) => [String(row['jti']), Number(row['attempts'])])),
    once: async (jti, holder, work) => {
      db.exec('begin immediate');
      try {
        if (!isLeading(holder)) throw new NotLeading();
        const isNew = run('insert or ignore into handled values (?, ?)', jti, now()) > 0;
        if (isNew) await work(db);
        for (const table of ['begun', 'aside']) run(`delete from ${table} where jti = ?`, jti);
        db.exec('commit');
        return isNew;
      } catch (error) {
        db.exec('rollback');
        throw error;
      }
    },
    setAside: async (event, error, attempts) => {
      run('delete from begun where jti = ?', event.jti);
      run(
        'insert or replace into aside values (?, ?, ?, ?, ?, 0)',
        event.jti,
        JSON.stringify(event),
        error,
        attempts,
        now(),
      );
    },
    listSetAside: async (limit) =>
      all('select * from aside order by at limit ?', limit).map((row) => ({
        event: JSON.parse(String(row['event']), (key, value) =>
          key === 'issuedAt' ? new Date(value) : value,
        ),
        error: String(row['error']),
        attempts: Number(row['attempts']),
        setAsideAt: new Date(Number(row['at']) * 1000),
        isRetried: row['retried'] === 1,
      })),
    countSetAside: async () => all('select 1 from aside').length,
    retry: async (jti = null!) => run('update aside set retried = 1 where ?1 is null or jti = ?1', jti),
    forgetHandled: async (seconds) => void run('delete from handled where at < ?', now() - seconds),
  };
}
