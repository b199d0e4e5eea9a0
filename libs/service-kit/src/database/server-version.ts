import type { Client } from 'pg';

const OLDEST = 150_000;

/**
 * The server's version as PostgreSQL numbers it: 150_017 is 15.17.
 *
 * @throws {Error} if it is older than what the services are made for
 */
export async function requireServerVersion(client: Client): Promise<number> {
  const { rows } = await client.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  const { number = 0, name = 'unknown' } = rows[0] ?? {};
  if (number >= OLDEST) return number;
  throw new Error(
    `PostgreSQL at ${client.host}:${client.port} is version ${name}: ${OLDEST / 10_000} or newer is needed`,
  );
}
