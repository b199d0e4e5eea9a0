import { request, type Answer } from './http.js';
import { operateJson } from './operator.js';
import type { RunningService } from './service.js';
import { beginSession, claimsOf, newPerson, refresh, type AuthReplicas, type Tokens } from './sessions.js';

/** A user with a session. */
export interface Person extends Tokens {
  readonly id: string;
  readonly email: string;
}

/** Somebody who has just registered and logged in. */
export async function person(auth: RunningService): Promise<Person> {
  const email = await newPerson(auth);
  const tokens = await beginSession(auth, email);
  return { ...tokens, email, id: claimsOf(tokens.access_token).sub };
}

/** The first administrator, as an operator makes one. */
export async function administrator(replicas: AuthReplicas, auth: RunningService): Promise<Person> {
  const somebody = await person(auth);
  await operateJson(['users', 'grant', somebody.email, 'admin'], replicas.environment);
  return { ...somebody, ...(await refresh(auth, somebody.refresh_token)) };
}

/** Calls of `/admin/…` by one administrator. */
export class AdminApi {
  private readonly auth: RunningService;
  private readonly token: string;

  constructor(auth: RunningService, token: string) {
    this.auth = auth;
    this.token = token;
  }

  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const { token } = this;
    return request<T>(method, `${this.auth.url}/admin${path}`, {
      token,
      ...(body !== undefined && { body }),
    });
  }

  /** A change that must succeed. */
  async change(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  setRole(name: string, ...scopes: string[]): Promise<Record<string, unknown>> {
    return this.change('PUT', `/roles/${name}`, { scopes });
  }

  setRolesOf({ id }: Pick<Person, 'id'>, ...roles: string[]): Promise<Record<string, unknown>> {
    return this.change('PUT', `/users/${id}/roles`, { roles });
  }
}
