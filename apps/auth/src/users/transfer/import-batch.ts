import { compare, rejected, type Verdict } from './compare.js';
import type { ImportTarget } from './import.repository.js';
import { readUser, RejectedRow, type ImportedUser } from './imported-user.js';
import type { Row } from './lines.js';

/** Rows; few enough for one statement, and for nobody to wait for it. */
const BATCH = 500;

interface Entry {
  readonly line: number;
  readonly user?: ImportedUser;
  verdict?: Verdict | undefined;
}

type OpenEntry = Entry & { readonly user: ImportedUser };

/** Takes rows, imports them some hundreds at a time, and tells in their order what became of each. */
export class ImportBatch {
  private entries: Entry[] = [];
  /** Addresses and ids in the batch: two rows about one person are never in the same. */
  private readonly seen = new Set<string>();

  /** @param deletedAmong which of these ids belonged to accounts that were deleted */
  constructor(
    private readonly target: ImportTarget,
    private readonly deletedAmong: (ids: readonly string[]) => Promise<Set<string>>,
    private readonly tell: (line: number, verdict: Verdict) => void,
  ) {}

  async add(row: Row): Promise<void> {
    const entry = entryOf(row);
    const keys = entry.user ? [entry.user.email, entry.user.id ?? entry.user.email] : [];
    if (this.entries.length >= BATCH || keys.some((key) => this.seen.has(key))) await this.flush();
    for (const key of keys) this.seen.add(key);
    this.entries.push(entry);
  }

  async flush(): Promise<void> {
    await this.refuseDeleted();
    // Again for those whose address somebody has registered between the question and the insert.
    for (let open = this.open(); open.length > 0; open = this.open()) await this.decide(open);
    for (const { line, verdict } of this.entries) if (verdict) this.tell(line, verdict);
    this.entries = [];
    this.seen.clear();
  }

  private open(): OpenEntry[] {
    return this.entries.filter((entry): entry is OpenEntry => !entry.verdict && !!entry.user);
  }

  private async decide(open: readonly OpenEntry[]): Promise<void> {
    const accounts = await this.target.findLike(open.map(({ user }) => user));
    const byKey = new Map(
      accounts.flatMap((account) => [account.email, account.id].map((key) => [key, account])),
    );
    for (const entry of open) {
      const { email, id } = entry.user;
      const own = [byKey.get(email), id === undefined ? undefined : byKey.get(id)];
      entry.verdict = compare(
        entry.user,
        own.filter((account) => account !== undefined),
      );
    }
    const free = open.filter(({ verdict }) => !verdict);
    if (free.length === 0) return;
    const added = await this.target.addFree(free.map(({ user }) => user));
    for (const entry of free) if (added.has(entry.user.email)) entry.verdict = { result: 'imported' };
  }

  /** What was erased stays erased, and an id is never given again. */
  private async refuseDeleted(): Promise<void> {
    const ids = this.open().flatMap(({ user }) => (user.id === undefined ? [] : [user.id]));
    const deleted = ids.length > 0 ? await this.deletedAmong(ids) : new Set<string>();
    for (const entry of this.open()) {
      if (entry.user.id !== undefined && deleted.has(entry.user.id)) {
        entry.verdict = rejected('the account with this id was deleted');
      }
    }
  }
}

function entryOf(row: Row): Entry {
  const { line } = row;
  if (row.fault !== undefined) return { line, verdict: rejected(`the line ${row.fault}`) };
  try {
    return { line, user: readUser(row.values) };
  } catch (error) {
    if (error instanceof RejectedRow) return { line, verdict: rejected(error.message) };
    throw error;
  }
}
