import { connect } from 'node:net';

/** Requests under way at once, each on a connection of its own. */
export const CONNECTIONS = 8;

/** Says the next request of one connection, given the answer to its last one; nothing when there is none left. */
export type Client = (answer: string | undefined) => string | undefined;

/**
 * Sends requests over a few kept-alive connections to this machine, and waits for all answers. Written on bare
 * sockets, so that the client is never what is measured. It never sleeps while it waits either: on one machine the
 * kernel wakes the client within the server's own call to `write`, and would charge a slow server, whose client
 * sleeps more, up to 40 µs a request for it.
 *
 * @throws {Error} when an answer has another status than the one expected, or does not come
 */
export async function load(port: number, requests: readonly string[], status: number): Promise<void> {
  let next = 0;
  let isWaiting = true;
  const stayAwake = () => void (isWaiting && setImmediate(stayAwake));
  stayAwake();
  try {
    await converse(port, () => () => requests[next++], status);
  } finally {
    isWaiting = false;
  }
}

/**
 * As {@link load}, with requests that depend on answers, and a client that sleeps: what a server has to ask for answers
 * needs the processor that the client would take.
 *
 * @param newClient called once for each connection
 * @throws {Error} as {@link load}
 */
export async function converse(port: number, newClient: () => Client, status: number): Promise<void> {
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () => work(port, newClient(), `HTTP/1.1 ${status} `)),
  );
}

/** One request as it goes over the wire. */
export function requestOf(path: string, token: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
}

function work(port: number, client: Client, expected: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  return new Promise((resolve, reject) => {
    let received = '';
    const sendNext = (answer?: string) => {
      const request = client(answer);
      if (request !== undefined) socket.write(request);
      else socket.end(resolve);
    };
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`closed by the server after: ${received}`)));
    socket.once('connect', () => sendNext());
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isWhole(received)) return;
      if (!received.startsWith(expected)) {
        socket.destroy(new Error(`expected "${expected}", got: ${received.slice(0, 400)}`));
        return;
      }
      const answer = received;
      received = '';
      sendNext(answer);
    });
  });
}

function isWhole(received: string): boolean {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? NaN);
  return received.length >= end + 4 + length;
}
