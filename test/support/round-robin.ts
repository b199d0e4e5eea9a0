import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const CHECK_EVERY_MS = 100;

/** What came back; `body` is parsed where it is JSON. */
interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One replica, as a load balancer knows it. */
class Backend {
  isReady = false;
  readonly agent = new Agent({ keepAlive: true });

  constructor(readonly url: string) {}
}

/**
 * A load balancer: sends each request to the next replica that says it is ready, over connections that it keeps. Only a
 * request whose connection was refused, of which nothing can have arrived, goes to another one.
 */
export class RoundRobin {
  private readonly backends: readonly Backend[];
  private next = 0;
  private isClosed = false;

  constructor(urls: readonly string[]) {
    this.backends = urls.map((url) => new Backend(url));
    for (const backend of this.backends) void this.watch(backend);
  }

  async isReady(url: string): Promise<void> {
    while (!this.backends.find((backend) => backend.url === url)?.isReady) await delay(20);
  }

  /** @throws {Error} when the connection breaks */
  async send(method: string, path: string, body?: object, token?: string): Promise<Reply> {
    for (;;) {
      const ready = this.backends.filter(({ isReady }) => isReady);
      const backend = ready[this.next++ % ready.length];
      if (!backend) throw new Error('no replica is ready');
      try {
        return await send(backend, method, path, body, token);
      } catch (error) {
        if ((error as { code?: string }).code !== 'ECONNREFUSED') throw error;
        backend.isReady = false;
      }
    }
  }

  close(): void {
    this.isClosed = true;
    for (const { agent } of this.backends) agent.destroy();
  }

  private async watch(backend: Backend): Promise<void> {
    while (!this.isClosed) {
      const check = fetch(`${backend.url}/health/ready`);
      backend.isReady = await check.then(
        ({ ok }) => ok,
        () => false,
      );
      await delay(CHECK_EVERY_MS);
    }
  }
}

async function send({ url, agent }: Backend, method: string, path: string, body?: object, token?: string) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(text !== undefined && { 'content-type': 'application/json', 'content-length': text.length }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url + path, { method, agent, headers }, resolve)
      .on('error', reject)
      .end(text);
  });
  let received = '';
  for await (const chunk of answer) received += String(chunk);
  return { status: answer.statusCode ?? 0, body: received ? JSON.parse(received) : {} };
}
