import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';

const SCRAM_ITERATIONS = 4096;

/**
 * Lets the service's own role work with the rows of what the migrations, which run as the owner, have made: it can
 * neither change tables nor switch off what guards them. A role that is not there yet is created where the owner may.
 *
 * @param client a connection of the owner
 * @param service the role and password of `DATABASE_URL`
 * @throws {Error} if there is no such role and the owner may not create it, with what does
 */
export async function grantRowsTo(client: Client, service: Pick<Client, 'user' | 'password'>): Promise<void> {
  const role = service.user ?? '';
  const name = escapeIdentifier(role);
  const { rows } = await client.query<{ exists: boolean; can_create: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as exists, rolcreaterole or rolsuper as can_create
      from pg_roles where rolname = current_user`,
    [role],
  );
  if (!rows[0]?.exists) {
    if (!rows[0]?.can_create)
      throw new Error(
        `The role "${role}" of DATABASE_URL does not exist: CREATE ROLE ${name} LOGIN PASSWORD '…'`,
      );
    const password = service.password ? ` password ${escapeLiteral(verifierOf(service.password))}` : '';
    await client.query(`create role ${name} login${password}`);
  }
  await client.query(`grant usage on schema public, drizzle to ${name}`);
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${name}`);
  await client.query(`grant usage, select on all sequences in schema public to ${name}`);
  await client.query(`grant select on drizzle.__drizzle_migrations to ${name}`);
}

/** A password as PostgreSQL keeps it (SCRAM-SHA-256, RFC 5803), as servers may log the statements they are sent. */
function verifierOf(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
