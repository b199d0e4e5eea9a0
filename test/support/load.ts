import { setTimeout as delay } from 'node:timers/promises';
import { request, type Answer } from './http.js';
import type { Tokens } from './sessions.js';

/** What a connection that broke is tried again for, at most. */
const ATTEMPTS = 20;

interface Targets {
  /** Where people log in and refresh. */
  readonly auth: string;
  /** What is asked with access tokens: URLs of guarded routes. */
  readonly guarded: readonly string[];
}

/**
 * People who use a deployment without a pause: each asks every guarded route in turn and refreshes now and then. A
 * connection that broke is made again, as every client does; an answer that is not the one hoped for is a failure.
 */
export class Load {
  readonly failures: string[] = [];
  requests = 0;
  private isOn = true;
  private readonly running: Promise<unknown>;

  /** @param patience milliseconds for which a person who is refused refreshes and asks again; 0: a failure at once */
  constructor(
    private readonly targets: Targets,
    people: readonly Tokens[],
    private readonly patience = 0,
  ) {
    this.running = Promise.all(people.map((tokens) => this.use(tokens)));
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.running;
  }

  private async use(tokens: Tokens): Promise<void> {
    for (let round = 0; this.isOn; round++) {
      if (round % 5 === 4) tokens = await this.refresh(tokens);
      for (const url of this.targets.guarded) tokens = await this.ask(url, tokens);
      await delay(5);
    }
  }

  private async ask(url: string, tokens: Tokens): Promise<Tokens> {
    const deadline = Date.now() + this.patience;
    for (;;) {
      const answer = await this.send('GET', url, { token: tokens.access_token });
      if (answer.status === 200) return tokens;
      if (answer.status !== 401 || Date.now() >= deadline) {
        this.fail(url, answer);
        return tokens;
      }
      await delay(50);
      tokens = await this.refresh(tokens);
    }
  }

  private async refresh(tokens: Tokens): Promise<Tokens> {
    const { refresh_token } = tokens;
    const answer = await this.send<Tokens>('POST', `${this.targets.auth}/auth/refresh`, {
      body: { refresh_token },
    });
    if (answer.status === 200) return answer.body;
    this.fail('refresh', answer);
    return tokens;
  }

  private async send<T>(
    method: string,
    url: string,
    options: Parameters<typeof request>[2],
  ): Promise<Answer<T>> {
    this.requests++;
    for (let attempt = 1; ; attempt++) {
      try {
        return await request<T>(method, url, options);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await delay(20);
      }
    }
  }

  private fail(what: string, { status, body }: Answer<unknown>): void {
    this.failures.push(`${new Date().toISOString()} ${what}: ${status} ${JSON.stringify(body)}`);
  }
}
