import { startEmbeddedPostgres } from '@signet/dev-postgres';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PASSWORD } from './deployment.js';
import { request, type Answer } from './http.js';
import { newSecrets } from './secrets.js';
import { startService, type Environment, type RunningService } from './service.js';
import { claimsOf, queryOnce } from './sessions.js';

const TASKS_EACH = 3;
const AT_ONCE = 8;

interface Person {
  readonly id: string;
  readonly token: string;
}

/** What a run has come to. */
export interface ErasureOutcome {
  readonly kills: Readonly<Record<string, number>>;
  /** Tasks that deleted people still have. */
  readonly tasksLeft: number;
  /** Tasks of the people who stay. */
  readonly tasksKept: number;
  readonly expectedKept: number;
  /** Deletions that business has confirmed. */
  readonly confirmed: number;
  /** Deletions that auth has a receipt of. */
  readonly receipts: number;
  /** How often a handler's transaction was committed, by event; each is 1. */
  readonly effects: readonly number[];
  /** Seconds from the last deletion to the last confirmation. */
  readonly caughtUpAfter: number;
}

/**
 * Deletes people at auth while the processes of auth, business and their PostgreSQL are killed (SIGKILL) again and
 * again and others use the services, then waits until every deletion is confirmed.
 */
export class ErasureRun {
  private readonly kills: Record<string, number> = { auth: 0, business: 0, postgres: 0 };
  private auth: RunningService;
  private business: RunningService;
  private isOver = false;

  private constructor(
    private readonly folder: string,
    private readonly server: Awaited<ReturnType<typeof startEmbeddedPostgres>>,
    private readonly urls: Readonly<Record<'auth' | 'business', string>>,
    private readonly secrets: Environment,
  ) {}

  static async prepare(): Promise<ErasureRun> {
    const folder = await mkdtemp(join(tmpdir(), 'signet-erasures-'));
    const server = await startEmbeddedPostgres({
      dataDir: folder,
      database: 'auth',
      log: () => undefined,
    });
    const business = new URL(server.url);
    business.pathname = '/business';
    await queryOnce(server.url, 'create database business');
    const run = new ErasureRun(folder, server, { auth: server.url, business: business.href }, newSecrets());
    run.auth = await run.startAuth('0');
    run.business = await run.startBusiness('0');
    return run;
  }

  async end(): Promise<void> {
    await Promise.all([this.auth.stop(), this.business.stop()]);
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param count people to delete @param staying people who stay */
  async execute(count: number, staying: number): Promise<ErasureOutcome> {
    const people = await inParallel(count + staying, (index) => this.join(index));
    const [leaving, kept] = [people.slice(0, count), people.slice(count)];
    await this.until(async () => (await this.streams()) > 0);
    const others = [this.use(kept), this.kill()];
    await inParallel(count, (index) => this.remove(leaving[index]!));
    this.isOver = true;
    await Promise.all(others);
    const last = performance.now();
    const ids = leaving.map(({ id }) => id);
    await this.until(async () => (await this.confirmed(ids)) === count);
    return {
      kills: this.kills,
      tasksLeft: await this.number('business', 'select count(*) from tasks where owner_id = any($1)', [ids]),
      tasksKept: await this.number('business', 'select count(*) from tasks where not owner_id = any($1)', [
        ids,
      ]),
      expectedKept: staying * TASKS_EACH,
      confirmed: await this.confirmed(ids),
      receipts: await this.number('auth', 'select count(*) from erasure_receipts where user_id = any($1)', [
        ids,
      ]),
      effects: await this.effects(),
      caughtUpAfter: (performance.now() - last) / 1000,
    };
  }

  private startAuth(PORT: string): Promise<RunningService> {
    return startService('auth', { ...this.secrets, DATABASE_URL: this.urls.auth, PORT });
  }

  private startBusiness(PORT: string): Promise<RunningService> {
    const AUTH_URL = this.auth.url;
    return startService('business', { ...this.secrets, DATABASE_URL: this.urls.business, PORT, AUTH_URL });
  }

  private async join(index: number): Promise<Person> {
    const body = { email: `person-${index}@example.org`, password: PASSWORD };
    await request('POST', `${this.auth.url}/auth/register`, { body });
    const login = await request<{ access_token: string }>('POST', `${this.auth.url}/auth/login`, { body });
    const token = login.body.access_token;
    for (let task = 0; task < TASKS_EACH; task++)
      await request('POST', `${this.business.url}/tasks`, { token, body: { title: `task ${task}` } });
    return { id: claimsOf(token).sub, token };
  }

  /** Until auth has said so, or refuses the token because it did before it was killed. */
  private async remove({ token }: Person): Promise<void> {
    const ask = () =>
      request('DELETE', `${this.auth.url}/auth/me`, { token, body: { password: PASSWORD } }).catch(
        () => undefined,
      );
    for (;;) {
      const answer: Answer | undefined = await ask();
      if (answer?.status === 204 || answer?.status === 401) return;
      await delay(50);
    }
  }

  /** Others work on. */
  private async use(people: readonly Person[]): Promise<void> {
    for (let index = 0; !this.isOver; index++) {
      const token = people[index % people.length]?.token;
      await request('GET', `${this.business.url}/tasks`, { token }).catch(() => undefined);
      await delay(5);
    }
  }

  private async kill(): Promise<void> {
    const attacks = [() => this.killBusiness(), () => this.killPostgres(), () => this.killAuth()];
    // Each at least once, however fast the deletions are done with.
    for (let index = 0; !this.isOver || Object.values(this.kills).includes(0); index++) {
      await delay(200 + Math.random() * 600);
      await attacks[index % attacks.length]!();
    }
  }

  private async killAuth(): Promise<void> {
    const { port } = new URL(this.auth.url);
    await this.auth.kill();
    this.kills['auth']!++;
    this.auth = await this.startAuth(port);
  }

  private async killBusiness(): Promise<void> {
    const { port } = new URL(this.business.url);
    await this.business.kill();
    this.kills['business']!++;
    this.business = await this.startBusiness(port);
  }

  /** A backend that is killed makes PostgreSQL end all others and recover from its log, as after a crash. */
  private async killPostgres(): Promise<void> {
    const rows = await queryOnce<{ pid: number }>(
      this.urls.auth,
      `select pid from pg_stat_activity where datname is not null and pid <> pg_backend_pid() order by random() limit 1`,
    ).catch(() => []);
    const pid = rows[0]?.pid;
    if (pid === undefined) return;
    process.kill(pid, 'SIGKILL');
    this.kills['postgres']!++;
    await this.until(() => queryOnce(this.urls.auth, 'select 1').then(() => true));
  }

  private streams(): Promise<number> {
    return this.number('auth', 'select count(*) from event_streams');
  }

  private confirmed(ids: readonly string[]): Promise<number> {
    return this.number(
      'auth',
      'select count(*) from erasure_receipts where confirmed_at is not null and user_id = any($1)',
      [ids],
    );
  }

  private async effects(): Promise<number[]> {
    const rows = await queryOnce<{ count: string }>(
      this.urls.business,
      'select count(*) from account_events_handled group by jti',
    );
    return rows.map(({ count }) => Number(count));
  }

  private async number(app: 'auth' | 'business', sql: string, parameters: unknown[] = []): Promise<number> {
    const [row] = await queryOnce<{ count: string }>(this.urls[app], sql, parameters);
    return Number(row?.count);
  }

  private async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo().catch(() => false))) await delay(50);
  }
}

async function inParallel<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
