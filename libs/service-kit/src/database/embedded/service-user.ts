import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The programs that administer users are not on every root's path. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

const run = (file: string, args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(file, args, { env });

/** A user's number and the number of its group. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** The ways to make a system user: Debian, Fedora and kin; Alpine. */
const recipes = (name: string): string[][][] => [
  [
    ['groupadd', '--system', '--force', name],
    ['useradd', '--system', '--gid', name, '--no-create-home', '--shell', '/usr/sbin/nologin', name],
  ],
  [
    ['addgroup', '-S', name],
    ['adduser', '-S', '-D', '-H', '-G', name, '-s', '/sbin/nologin', name],
  ],
];

/**
 * Looks a system user up, and makes it when it is missing.
 *
 * @throws {Error} if the machine offers no way to make one.
 */
export async function findOrCreateUser(name: string): Promise<UserIds> {
  const existing = await find(name);
  if (existing) return existing;
  for (const recipe of recipes(name)) {
    try {
      for (const [file = '', ...args] of recipe) await run(file, args);
      break;
    } catch {
      // Either the other recipe fits this machine, or a service that starts beside us is making the user.
    }
  }
  const deadline = Date.now() + 3_000;
  do {
    const created = await find(name);
    if (created) return created;
    await delay(100);
  } while (Date.now() < deadline);
  throw new Error(
    `PostgreSQL cannot run as root, and no user "${name}" could be made for it. ` +
      `Make one (useradd --system ${name}), start as an ordinary user, or set DATABASE_URL.`,
  );
}

async function find(name: string): Promise<UserIds | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch {
    return undefined;
  }
}
