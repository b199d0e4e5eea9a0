import { isOurs } from '../hashes/hashes.js';
import type { User } from '../users.repository.js';
import type { ImportedUser } from './imported-user.js';

/** What becomes of a row. The reason never repeats what the row says. */
export type Verdict =
  { readonly result: 'imported' | 'unchanged' } | { readonly result: 'rejected'; readonly reason: string };

/**
 * Compares a row with the accounts that have its address or its id, of which there are none, one or two.
 *
 * @returns nothing where there are none: the row can be imported
 */
export function compare(row: ImportedUser, accounts: readonly User[]): Verdict | undefined {
  const account = accounts.find(({ email }) => email === row.email);
  if (account === undefined) {
    return accounts.length > 0 ? rejected('an account with this id has another address') : undefined;
  }
  if (row.id !== undefined && row.id !== account.id) {
    return rejected('the account with this address has another id');
  }
  if (row.createdAt !== undefined && row.createdAt.getTime() !== account.createdAt.getTime()) {
    return rejected('the account with this address has another created_at');
  }
  if (row.passwordHash !== account.passwordHash && !isHashOfOurOwnSince(row, account)) {
    return rejected('the account with this address has another password');
  }
  // The other way round it was verified since.
  if (row.emailVerified && !account.emailVerified)
    return rejected('the address of this account is not verified');
  return { result: 'unchanged' };
}

/**
 * Whether the account is the one that this row made, and only its hash was replaced at a login: it has the id or the
 * time of the row, which nobody who has registered the address by chance has.
 */
function isHashOfOurOwnSince(row: ImportedUser, account: User): boolean {
  const isSame = row.id !== undefined || row.createdAt !== undefined;
  return isSame && isOurs(account.passwordHash) && !isOurs(row.passwordHash);
}

export function rejected(reason: string): Verdict {
  return { result: 'rejected', reason };
}
