import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Users that machines and images have: of a PostgreSQL package, of Node's images, and for whatever has no other. */
const CANDIDATES = ['postgres', 'node', 'nobody'];

/** A user's number and the number of its group. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A user of this machine that is not root, for root to run a server as. None is made: that is not for a program to
 * decide which is only started.
 *
 * @throws {Error} if there is none
 */
export async function findUnprivilegedUser(): Promise<UserIds> {
  for (const name of CANDIDATES) {
    const found = await find(name);
    if (found !== undefined && found.uid !== 0) return found;
  }
  throw new Error(
    `PostgreSQL cannot run as root, and there is no user ${CANDIDATES.join(', ')} to run it as: ` +
      'start as an ordinary user, or set DATABASE_URL.',
  );
}

async function find(name: string): Promise<UserIds | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => promisify(execFile)('id', [flag, name])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch {
    return undefined;
  }
}
