import type { TestDatabase } from '@signet/service-kit/testing';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { databaseOf, PASSWORD } from './deployment.js';
import { request, type Answer } from './http.js';
import { startService, stopAll, type Environment, type RunningService } from './service.js';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** One database of auth, and as many replicas over it as a test wants, all with the same secrets. */
export class AuthReplicas {
  readonly secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64'),
    REVOCATION_FEED_KEY: randomBytes(32).toString('base64url'),
  };

  private constructor(readonly database: TestDatabase) {}

  static async prepare(): Promise<AuthReplicas> {
    return new AuthReplicas(await databaseOf('auth'));
  }

  start(environment: Environment = {}): Promise<RunningService> {
    return startService('auth', { ...this.secrets, DATABASE_URL: this.database.url, ...environment });
  }

  /** A connection of the test's own; the test ends it. */
  async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    return client;
  }

  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = await this.connect();
    try {
      return (await client.query(sql, parameters)).rows as Row[];
    } finally {
      await client.end();
    }
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
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query(statement(name));
    await client.end();
  }

  async end(): Promise<void> {
    await stopAll();
    await this.database.drop();
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
