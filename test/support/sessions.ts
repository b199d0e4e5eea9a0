import { freePort } from '@signet/dev-postgres';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { ROOT } from '../../scripts/services.js';
import { request, type Answer } from './http.js';
import { newSecrets } from './secrets.js';
import { startService, stopAll, type Environment, type Program, type RunningService } from './service.js';

export const PASSWORD = 'a long and quiet evening';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** One database of each app, and as many replicas over it as a test wants, all with the same secrets. */
export class AuthReplicas {
  readonly secrets = newSecrets();
  /** Of auth. */
  readonly database: TestDatabase;
  private readonly databases = new Map<string, Promise<TestDatabase>>();
  private readonly companions: { close(): Promise<void> }[] = [];

  private constructor(database: TestDatabase) {
    this.database = database;
    this.databases.set('auth', Promise.resolve(database));
  }

  static async prepare(): Promise<AuthReplicas> {
    return new AuthReplicas(await databaseOf('auth'));
  }

  /** What auth is started with, and its commands. */
  get environment() {
    return { ...this.secrets, DATABASE_URL: this.database.url };
  }

  /** Starts auth. */
  start(environment: Environment = {}): Promise<RunningService> {
    return startService('auth', { ...this.environment, ...environment });
  }

  /** Starts a replica of any app, on the database of that app. */
  async startService(app: string, environment: Environment = {}, program?: Program): Promise<RunningService> {
    return startService(app, { ...(await this.environmentOf(app)), ...environment }, program);
  }

  async environmentOf(app: string): Promise<Environment> {
    return { ...this.secrets, DATABASE_URL: await this.urlOf(app) };
  }

  async urlOf(app: string): Promise<string> {
    const database = this.databases.get(app) ?? databaseOf(app);
    this.databases.set(app, database);
    return (await database).url;
  }

  /** A connection of the test's own; the test ends it. */
  async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    return client;
  }

  async query<Row = Record<string, unknown>>(
    sql: string,
    parameters: unknown[] = [],
    app = 'auth',
  ): Promise<Row[]> {
    return queryOnce<Row>(await this.urlOf(app), sql, parameters);
  }

  /** Lets time pass for all sessions: every time that the database holds of them moves back. */
  async age(seconds: number): Promise<void> {
    const by = `make_interval(secs => ${seconds})`;
    await this
      .query(`update sessions set created_at = created_at - ${by}, last_used_at = last_used_at - ${by},
      expires_at = expires_at - ${by}, ends_at = ends_at - ${by}`);
  }

  /** A copy as of now, as a backup is; nobody may be connected. */
  async copy(): Promise<{ readonly url: string; drop(): Promise<void> }> {
    const url = new URL(this.database.url);
    url.pathname += '_copy';
    const copy = url.pathname.slice(1);
    await this.administer((name) => `create database ${copy} template ${name}`);
    return { url: url.href, drop: () => this.administer(() => `drop database ${copy} with (force)`) };
  }

  /** Cuts off every connection to the database, and lets none in again until {@link letIn}. */
  async lockOut(): Promise<void> {
    await this.administer((name) => `alter database ${name} allow_connections false`);
    await this.administer(
      (name) => `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
  }

  async letIn(): Promise<void> {
    await this.administer((name) => `alter database ${name} allow_connections true`);
  }

  private async administer(statement: (name: string) => string): Promise<void> {
    const url = new URL(this.database.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    await queryOnce(url.href, statement(name));
  }

  /** Has something closed at the end, after the processes that use it. */
  closeLater(companion: { close(): Promise<void> }): void {
    this.companions.push(companion);
  }

  /** Ends all processes and removes the databases. */
  async end(): Promise<void> {
    await stopAll();
    for (const database of this.databases.values()) await (await database).drop();
    for (const companion of this.companions) await companion.close();
  }
}

/** Settings of an auth that listens where its issuer is, as clients look for its metadata there. */
export async function issuerHere() {
  const port = await freePort();
  return { PORT: String(port), JWT_ISSUER: `http://127.0.0.1:${port}` };
}

/** A fresh database of an app, migrated. */
export function databaseOf(app: string): Promise<TestDatabase> {
  const migrationsFolder = join(ROOT, 'apps', app, 'src/database/migrations');
  return createTestDatabase({ name: app, migrationsFolder });
}

/** One statement over a connection of its own. */
export async function queryOnce<Row = Record<string, unknown>>(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}

let people = 0;

/** Registers somebody new. @returns the address */
export async function newPerson({ url }: RunningService): Promise<string> {
  const email = `person-${++people}@example.com`;
  await request('POST', `${url}/auth/register`, { body: { email, password: PASSWORD } });
  return email;
}

export async function beginSession(
  { url }: RunningService,
  email: string,
  { password = PASSWORD, userAgent = 'test' } = {},
): Promise<Tokens> {
  const answer = await request<Tokens>('POST', `${url}/auth/login`, {
    body: { email, password },
    headers: { 'user-agent': userAgent },
  });
  if (answer.status !== 200) throw new Error(`login answered ${answer.status}`);
  return answer.body;
}

export function tryRefresh({ url }: RunningService, refresh_token: unknown): Promise<Answer> {
  return request('POST', `${url}/auth/refresh`, { body: { refresh_token } });
}

/** @throws {Error} when the token is refused */
export async function refresh(service: RunningService, token: string): Promise<Tokens> {
  const { status, body } = await tryRefresh(service, token);
  if (status !== 200) throw new Error(`refresh answered ${status}: ${JSON.stringify(body)}`);
  return body as unknown as Tokens;
}

/** What `GET /auth/me` answers to an access token: 200 or 401. */
export async function statusOfMe({ url }: RunningService, token: string): Promise<number> {
  return (await request('GET', `${url}/auth/me`, { token })).status;
}

/** The claims of an access token, unverified. */
export function claimsOf(token: string): Record<string, unknown> & { sid: string; sub: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** Waits for a condition; the test's own time limit ends a wait in vain. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
