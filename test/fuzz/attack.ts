import type { App } from '../../scripts/services.ts';
import { send } from './client.ts';
import { Contract } from './contract.ts';
import { Person } from './person.ts';
import type { FuzzRequest } from './requests.ts';
import type { Route } from './routes.ts';
import { complaint } from './verdict.ts';

/** Sends requests as somebody who is logged in, and counts what is answered. */
export class Attack {
  requests = 0;
  /** How often each status came, by route. */
  readonly answers = new Map<string, Map<number, number>>();
  private readonly urls: Readonly<Record<App, string>>;
  private readonly contract: Contract;
  private person: Person;

  private constructor(urls: Readonly<Record<App, string>>, contract: Contract, person: Person) {
    this.urls = urls;
    this.contract = contract;
    this.person = person;
  }

  static async begin(urls: Readonly<Record<App, string>>, routes: readonly Route[]): Promise<Attack> {
    return new Attack(urls, new Contract(routes), await Person.register(urls));
  }

  /** @throws {Error} what is wrong with an answer */
  async sendAll(requests: readonly FuzzRequest[]): Promise<void> {
    const { person } = this;
    const statuses = await Promise.all(requests.map((request) => this.send(person, request)));
    const isDoubtful = statuses.some(
      (status, index) => requests[index]?.credential === 'good' && (status === 401 || status === 204),
    );
    if (isDoubtful && !(await person.isLoggedIn())) this.person = await Person.register(this.urls);
  }

  /** @throws {Error} when a service does not want traffic any more */
  async checkHealth(): Promise<void> {
    for (const [app, url] of Object.entries(this.urls)) {
      const { status, body } = await send(url, {
        method: 'GET',
        path: '/health/ready',
        headers: {},
        body: undefined,
      });
      if (status !== 200) throw new Error(`${app} is not ready afterwards: ${status} ${body}`);
    }
  }

  private async send(person: Person, request: FuzzRequest): Promise<number> {
    const { app, route, method, credential } = request;
    const authorization = person.authorization(credential);
    const path = person.fill(app, request.path);
    const answer = await send(this.urls[app], {
      method,
      path,
      headers: { ...request.headers, ...(authorization !== undefined && { authorization }) },
      body: request.body && person.fill(app, request.body),
    });
    this.requests++;
    const counts = this.answers.get(`${app}: ${route}`) ?? new Map<number, number>();
    this.answers.set(`${app}: ${route}`, counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1));
    const wrong = complaint({ method, path, credential }, answer, this.contract);
    if (wrong !== undefined) throw new Error(`${app} ${wrong}`);
    return answer.status;
  }
}
