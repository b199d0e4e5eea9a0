import { request } from './http.js';
import type { Environment, RunningService } from './service.js';
import { AuthReplicas, beginSession, PASSWORD } from './sessions.js';

export { PASSWORD };

/** Auth and one service that trusts it, each with its own fresh database. */
export interface ServiceDeployment {
  readonly auth: RunningService;
  readonly service: RunningService;
  /** Of which these are the first: others may join them. */
  readonly replicas: AuthReplicas;
  /** Ends all of them and removes their databases. */
  end(): Promise<void>;
}

/** Both services, each with its own fresh database, sharing secrets and nothing else. */
export interface Deployment {
  readonly auth: RunningService;
  readonly business: RunningService;
  readonly replicas: AuthReplicas;
  readonly secret: string;
}

/** Starts a service of the workspace beside an auth of its own. */
export async function deployService(
  name: string,
  environment: Environment = {},
  ofAuth: Environment = {},
): Promise<ServiceDeployment> {
  const replicas = await AuthReplicas.prepare();
  const auth = await replicas.start({ ...environment, ...ofAuth });
  const service = await replicas.startService(name, { AUTH_URL: auth.url, ...environment });
  return { auth, service, replicas, end: () => replicas.end() };
}

/** Starts a deployment; each test file says what is special about its own. */
export async function deploy(environment?: Environment, ofAuth?: Environment): Promise<Deployment> {
  const { auth, service, replicas } = await deployService('business', environment, ofAuth);
  return { auth, business: service, replicas, secret: replicas.secrets.JWT_SECRET };
}

/** Ends a deployment and removes its databases. */
export function undeploy({ replicas }: Deployment): Promise<void> {
  return replicas.end();
}

/** Registers a person and logs in. */
export async function signUp({ auth }: Pick<Deployment, 'auth'>, email: string): Promise<string> {
  await request('POST', `${auth.url}/auth/register`, { body: { email, password: PASSWORD } });
  return logIn({ auth }, email);
}

/** @returns an access token */
export async function logIn({ auth }: Pick<Deployment, 'auth'>, email: string): Promise<string> {
  return (await beginSession(auth, email)).access_token;
}
