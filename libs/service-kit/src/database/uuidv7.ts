import type { Client } from 'pg';

const HAS_ITS_OWN = 180_000;

/**
 * `uuidv7()` as PostgreSQL 18 has it, for older servers (RFC 9562 §5.7): 48 bits of milliseconds, 12 bits of their
 * fraction, and 62 random bits. Defaults of columns call it by this name; where a database moves to version 18 they
 * go on calling this one.
 */
const UUIDV7 = `
create or replace function public.uuidv7() returns uuid language sql volatile parallel safe as $$
  select encode(
    overlay(
      uuid_send(gen_random_uuid())
      placing substring(int8send(now_us / 1000) from 3) || int2send((28672 + now_us % 1000 * 4096 / 1000)::int2)
      from 1 for 8
    ),
    'hex'
  )::uuid
  from (select (extract(epoch from clock_timestamp()) * 1000000)::int8 as now_us) as clock
$$`;

/** Makes the function on a server that lacks it; once, as replicas that start later find it. */
export async function ensureUuidv7(client: Client, serverVersion: number): Promise<void> {
  if (serverVersion >= HAS_ITS_OWN) return;
  const { rows } = await client.query<{ exists: boolean }>(
    `select to_regproc('public.uuidv7') is not null as exists`,
  );
  if (!rows[0]?.exists) await client.query(UUIDV7);
}
