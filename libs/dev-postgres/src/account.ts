import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.js';
import { CLUSTER_FOLDER, clusterAt } from './cluster.js';
import { findUnprivilegedUser, type UserIds } from './unprivileged-user.js';

const run = promisify(execFile);

/** A program with the identity that it is to be spawned with. */
export interface Command {
  readonly file: string;
  readonly args: string[];
  /** Options for `child_process`: empty means this process's own identity. */
  readonly identity: Partial<UserIds>;
}

/** Who PostgreSQL runs as. */
export interface Account {
  /** Who must own the cluster's files; undefined: whoever runs this process. */
  readonly owner?: UserIds;
  /** Wraps a command line so that it runs as this account. */
  command(file: string, args: string[]): Command;
}

const ourselves: Account = { command: (file, args) => ({ file, args, identity: {} }) };

/**
 * Decides who PostgreSQL runs as. It refuses to run as root, so under root it is the owner of the existing
 * cluster, or a user that the machine has.
 *
 * That user may be unable to enter the folders above the checkout or the data (`/root` has mode 0700). Then,
 * and only then, it is given one capability of root's, to pass through folders; on a default Docker engine
 * only the stronger `dac_override` is there to give. Whether a way works is tried, not computed: modes, access
 * lists and container policies all have a say.
 *
 * @throws {Error} if root has no way to run PostgreSQL for this folder.
 */
export async function chooseAccount(dataDir: string, binaries: PostgresBinaries): Promise<Account> {
  if (process.getuid?.() !== 0) return ourselves;
  const owner = (await ownerOfCluster(dataDir)) ?? (await findUnprivilegedUser());
  const ways = [direct(owner), through(owner, 'dac_read_search'), through(owner, 'dac_override')];
  for (const account of ways) {
    if (await reaches(account, dataDir, binaries)) return account;
  }
  throw new Error(
    `PostgreSQL cannot run as root, and the user with id ${owner.uid} cannot reach both ${binaries.postgres} ` +
      `and ${dataDir}. Set DATABASE_URL, start as an ordinary user, or move the checkout and DATA_DIR to a ` +
      'folder that every user can enter.',
  );
}

/** Whoever made the cluster keeps it, so that `sudo npm start` once does not lock its owner out. */
async function ownerOfCluster(dataDir: string): Promise<UserIds | undefined> {
  const found = await stat(clusterAt(join(dataDir, CLUSTER_FOLDER)).data).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

function direct(owner: UserIds): Account {
  return { owner, command: (file, args) => ({ file, args, identity: owner }) };
}

/**
 * `setpriv` is part of util-linux, hence of every Debian, Ubuntu and Fedora, the slim images included. The
 * secure bit makes access(2), by which PostgreSQL finds its own programs, heed the capability.
 */
function through(owner: UserIds, capability: string): Account {
  const { uid, gid } = owner;
  const prefix = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  for (const set of ['bounding-set', 'inh-caps', 'ambient-caps']) prefix.push(`--${set}=-all,+${capability}`);
  return {
    owner,
    command: (file, args) => ({ file: 'setpriv', args: [...prefix, file, ...args], identity: {} }),
  };
}

async function reaches(account: Account, dataDir: string, binaries: PostgresBinaries): Promise<boolean> {
  const attempts = [
    account.command(binaries.postgres, ['--version']),
    account.command('ls', ['-d', `${dataDir}/.`]),
  ];
  try {
    for (const { file, args, identity } of attempts) await run(file, args, identity);
    return true;
  } catch {
    return false;
  }
}
