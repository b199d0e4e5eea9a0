import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@signet/service-kit/testing';
import { join } from 'node:path';
import { ROOT, type App } from '../../scripts/services.js';
import { request } from './http.js';
import { startService, stopAll, type Environment, type RunningService } from './service.js';

/** Both services, each with its own fresh database, sharing a secret and nothing else. */
export interface Deployment {
  readonly auth: RunningService;
  readonly business: RunningService;
  readonly secret: string;
  readonly feedKey: string;
  readonly databases: Readonly<Record<App, TestDatabase>>;
}

/** Starts a deployment; each test file says what is special about its own. */
export async function deploy(environment: Environment = {}, ofAuth: Environment = {}): Promise<Deployment> {
  const secret = randomBytes(32).toString('hex');
  const [authDatabase, businessDatabase] = await Promise.all([databaseOf('auth'), databaseOf('business')]);
  const feedKey = randomBytes(32).toString('hex');
  const shared = { JWT_SECRET: secret, REVOCATION_FEED_KEY: feedKey, ...environment };
  const auth = await startService('auth', { DATABASE_URL: authDatabase.url, ...shared, ...ofAuth });
  const business = await startService('business', {
    DATABASE_URL: businessDatabase.url,
    AUTH_URL: auth.url,
    ...shared,
  });
  return { auth, business, secret, feedKey, databases: { auth: authDatabase, business: businessDatabase } };
}

/** Ends both services and removes their databases. */
export async function undeploy({ databases }: Deployment): Promise<void> {
  await stopAll();
  await Promise.all(Object.values(databases).map((database) => database.drop()));
}

/** Auth and one service that trusts it, each with its own fresh database. */
export interface ServiceDeployment {
  readonly auth: RunningService;
  readonly service: RunningService;
  /** Ends both and removes their databases. */
  end(): Promise<void>;
}

/** Starts a service of the workspace beside an auth of its own. */
export async function deployService(name: string, environment: Environment = {}): Promise<ServiceDeployment> {
  const databases = await Promise.all([databaseOf('auth'), databaseOf(name)]);
  const shared = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    REVOCATION_FEED_KEY: randomBytes(32).toString('hex'),
    ...environment,
  };
  const auth = await startService('auth', { DATABASE_URL: databases[0].url, ...shared });
  const own = { DATABASE_URL: databases[1].url, AUTH_URL: auth.url };
  const service = await startService(name, { ...own, ...shared });
  return {
    auth,
    service,
    end: async () => {
      await stopAll();
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}

/** A fresh database of an app, migrated. */
export function databaseOf(app: string): Promise<TestDatabase> {
  return createTestDatabase({
    name: app,
    migrationsFolder: join(ROOT, 'apps', app, 'src/database/migrations'),
  });
}

export const PASSWORD = 'a long and quiet evening';

/** Registers a person and logs in. */
export async function signUp({ auth }: Pick<Deployment, 'auth'>, email: string): Promise<string> {
  await request('POST', `${auth.url}/auth/register`, { body: { email, password: PASSWORD } });
  return logIn({ auth }, email);
}

/** @returns an access token */
export async function logIn({ auth }: Pick<Deployment, 'auth'>, email: string): Promise<string> {
  const { status, body } = await request<{ access_token: string }>('POST', `${auth.url}/auth/login`, {
    body: { email, password: PASSWORD },
  });
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`);
  return body.access_token;
}
