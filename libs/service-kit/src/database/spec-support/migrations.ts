import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A migration as a spec writes it. */
export interface Migration {
  readonly tag: string;
  /** When it was generated, in milliseconds: Drizzle's order. */
  readonly when: number;
  readonly sql: string;
}

/** Writes a folder as `drizzle-kit generate` leaves it; the caller removes it. */
export async function writeMigrations(...migrations: Migration[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-migrations-'));
  await mkdir(join(folder, 'meta'));
  const entries = migrations.map(({ tag, when }, idx) => ({
    idx,
    version: '7',
    when,
    tag,
    breakpoints: true,
  }));
  await writeFile(
    join(folder, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  for (const { tag, sql } of migrations) await writeFile(join(folder, `${tag}.sql`), sql);
  return folder;
}
