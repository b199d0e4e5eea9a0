import { print, table, type RunCommand } from '@signet/service-kit';
import type { Command } from 'commander';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AddressReportService } from './address-report.service.js';
import { ExportService } from './export.service.js';
import { ImportService, type ImportObserver } from './import.service.js';

/** Rows between two signs of life. */
const PROGRESS = 10_000;

/** `users …`: people who come from another system, or go to one. */
export function addUserCommands(program: Command, run: RunCommand): void {
  const users = program.command('users').description('Users: import, export and administration');

  users
    .command('import')
    .description(
      'Adds users from a CSV file with a header, or JSON Lines: email, password_hash, and optionally id, ' +
        'email_verified, created_at. Never changes an account that exists. Exits with 1 if a row was rejected.',
    )
    .argument('<file>', 'the file; /dev/stdin for standard input')
    .option('--dry-run', 'change nothing, and report what would happen to each line')
    .option('--json', 'the summary as JSON')
    .action((file: string, { dryRun = false, json }: { dryRun?: boolean; json?: boolean }) =>
      run(ImportService, async (service) => {
        const counts = await service.import(file, dryRun, observer(dryRun));
        const { imported, unchanged, rejected } = counts;
        const would = dryRun ? ' (dry run: nothing was changed)' : '';
        print(json, counts, [`${imported} imported, ${unchanged} unchanged, ${rejected} rejected${would}`]);
        if (rejected > 0)
          throw new Error(`${rejected} of the rows ${rejected === 1 ? 'was' : 'were'} rejected`);
      }),
    );

  users
    .command('export')
    .description('Prints all users as JSON Lines, which users import accepts')
    .option('--with-hashes', 'with their password hashes: protect the result like the database')
    .option('--json', 'no effect: the output is always JSON')
    .action(({ withHashes = false }: { withHashes?: boolean }) =>
      run(ExportService, (service) =>
        pipeline(Readable.from(service.lines(withHashes)), process.stdout, { end: false }),
      ),
    );

  users
    .command('addresses')
    .description(
      'Reports accounts whose address an earlier version stored in another form, and which of them share a ' +
        'mailbox. Changes nothing. Exits with 1 if two accounts share a mailbox.',
    )
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      run(AddressReportService, async (service) => {
        const old = await service.report();
        const rows = old.map(({ userId, email, canonical, sameAs }) => ({
          user_id: userId,
          email: json ? email : email.replaceAll(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '?'),
          canonical: canonical ?? null,
          same_mailbox_as: sameAs,
        }));
        print(json, { addresses: rows }, table(rows, ['user_id', 'email', 'canonical', 'same_mailbox_as']));
        const shared = old.filter(({ sameAs }) => sameAs.length > 0).length;
        if (shared > 0) throw new Error(`${shared} of the accounts share a mailbox with another one`);
      }),
    );
}

/** Tells of rejected rows, of every row in a dry run, and from time to time how far it is. */
function observer(isDryRun: boolean): ImportObserver {
  return (line, verdict, { imported, unchanged, rejected }) => {
    if (verdict.result === 'rejected') say(`line ${line}: rejected: ${verdict.reason}`);
    else if (isDryRun)
      say(`line ${line}: ${verdict.result === 'imported' ? 'would be imported' : 'unchanged'}`);
    const done = imported + unchanged + rejected;
    if (done % PROGRESS === 0) say(`${done} rows done: ${imported} imported, ${rejected} rejected`);
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
