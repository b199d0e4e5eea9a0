import { Client } from 'pg';
import { eventually } from './sessions.js';

/**
 * The log of what happened grows with every failure, as it should; and business follows auth's events at times of its
 * own, which leaves traces in both databases.
 */
const NOT_WATCHED = [
  'audit_events',
  'account_events',
  'event_streams',
  'erasure_receipts',
  'account_events_lease',
  'account_events_handled',
  'account_events_begun',
  'account_events_set_aside',
  'erased_owners',
];
const TABLES = `select format('%I', tablename) as name from pg_tables
  where schemaname = 'public' and tablename <> all ($1) order by 1`;

/** Tells whether any row of a database has changed. */
export class WatchedRows {
  private constructor(
    private readonly client: Client,
    private readonly tables: readonly string[],
  ) {}

  static async of(url: string): Promise<WatchedRows> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(TABLES, [NOT_WATCHED]);
    return new WatchedRows(
      client,
      rows.map(({ name }) => name),
    );
  }

  /** Equal as long as no row has changed. */
  async fingerprint(): Promise<string> {
    const each = this.tables.map(
      (name) => `(select coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') from ${name} t)`,
    );
    const { rows } = await this.client.query<{ all: string }>(`select concat_ws(' ', ${each.join()}) as all`);
    return rows[0]?.all ?? '';
  }

  /** Waits until the mails that earlier requests have asked for are sent, which changes rows too. */
  async settle(): Promise<void> {
    if (!this.tables.includes('mails')) return;
    await eventually(async () => (await this.client.query('select 1 from mails limit 1')).rows.length === 0);
  }

  end(): Promise<void> {
    return this.client.end();
  }
}
