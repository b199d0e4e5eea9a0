import { escapeIdentifier, type Client } from 'pg';

/**
 * Lets the service's own role work with the rows of what the migrations, which run as the owner, have made: it can
 * neither change tables nor switch off what guards them.
 *
 * @param client a connection of the owner
 * @throws {Error} if there is no such role, with what makes one
 */
export async function grantRowsTo(client: Client, role: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount === 0)
    throw new Error(
      `The role "${role}" of DATABASE_URL does not exist: CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD '…'`,
    );
  const name = escapeIdentifier(role);
  await client.query(`grant usage on schema public, drizzle to ${name}`);
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${name}`);
  await client.query(`grant usage, select on all sequences in schema public to ${name}`);
  await client.query(`grant select on drizzle.__drizzle_migrations to ${name}`);
}
