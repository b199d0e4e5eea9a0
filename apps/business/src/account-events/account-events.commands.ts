import { DrizzleAccountEventStore } from '@signet/account-events/drizzle';
import { InjectDatabase, print, table, type Database, type RunCommand } from '@signet/service-kit';
import { Injectable } from '@nestjs/common';
import type { Command } from 'commander';

const LIMIT = 1_000;

/** The account events that could not be handled, without the receiver: it belongs to the service that serves. */
@Injectable()
export class AccountEventsOperator extends DrizzleAccountEventStore {
  constructor(@InjectDatabase() db: Database) {
    super(db);
  }
}

/** `events …`: account events whose handler kept failing. */
export function addAccountEventCommands(program: Command, run: RunCommand): void {
  const events = program.command('events').description('Account events that this service could not handle');

  events
    .command('list')
    .description('Shows the events that were set aside, the oldest first')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) =>
      run(AccountEventsOperator, async (store) => {
        const rows = (await store.listSetAside(LIMIT)).map((aside) => ({
          event_id: aside.event.jti,
          type: aside.event.type.slice(aside.event.type.lastIndexOf('/') + 1),
          user_id: aside.event.userId ?? null,
          set_aside_at: aside.setAsideAt.toISOString(),
          attempts: aside.attempts,
          retried: aside.isRetried,
          error: aside.error.replaceAll(/\p{C}/gu, '?'),
        }));
        print(
          json,
          { events: rows },
          table(rows, ['event_id', 'type', 'user_id', 'set_aside_at', 'attempts', 'retried', 'error']),
        );
      }),
    );

  events
    .command('retry')
    .description('Has the service try events again that were set aside; all of them unless told')
    .argument('[event]', 'as events list shows it')
    .option('--json', 'as JSON')
    .action((event: string | undefined, { json }: { json?: true }) =>
      run(AccountEventsOperator, async (store) => {
        const count = await store.retry(event);
        print(json, { retried: count }, [`${count} events are tried again by the service within seconds.`]);
      }),
    );
}
