import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { faultOf, UNREACHABLE } from './fault.js';

const RETRY_MS = 500;

/** What PostgreSQL says while it is starting up. */
const STARTING_UP = '57P03';

/** How patiently {@link connect} waits, and where it says that it does. */
export interface ConnectOptions {
  readonly patienceMs: number;
  readonly log: (message: string) => void;
}

/**
 * Opens one connection; waits for a server that is not up yet, because containers start in any order.
 *
 * @throws {Error} that names server and database, never the password, when the server refuses or stays away.
 */
export async function connect(config: ClientConfig, options: ConnectOptions): Promise<Client> {
  const deadline = Date.now() + options.patienceMs;
  let said = '';
  for (;;) {
    const client = open(config);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const { code, message: reason } = faultOf(error);
      const place = `PostgreSQL at ${client.host}:${client.port}, database "${client.database ?? ''}"`;
      if (!isNotYetUp(code, reason)) throw new Error(`${place}: ${reason}`, { cause: error });
      if (Date.now() >= deadline) throw new Error(`${place} cannot be reached: ${reason}`, { cause: error });
      if (said !== reason) options.log(`Waiting for ${place}: ${reason}`);
      said = reason;
      await delay(RETRY_MS);
    }
  }
}

function open(config: ClientConfig): Client {
  try {
    const client = new Client({ connectionTimeoutMillis: 5_000, ...config });
    client.on('error', () => undefined); // a lost connection shows itself in the statement that needs it
    return client;
  } catch {
    // Without the cause: the parser's error repeats the URL, password included.
    throw new Error('DATABASE_URL is not a PostgreSQL URL: postgres://user:password@host:port/database');
  }
}

/**
 * Any other fault, a wrong password say, will not go away by waiting. The driver's own, a time-out and a connection cut
 * short, have words only.
 */
function isNotYetUp(code: string | number | undefined, message: string): boolean {
  const isCode = UNREACHABLE.test(String(code)) || code === STARTING_UP;
  return isCode || /timeout|terminated unexpectedly/.test(message);
}
