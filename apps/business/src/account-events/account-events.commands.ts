import { print, table, type RunCommand } from '@signet/service-kit';
import type { Command } from 'commander';
import { AccountEventsRepository } from './account-events.repository.js';

const LIMIT = 1_000;

/** `events …`: account events whose handler kept failing. */
export function addAccountEventCommands(program: Command, run: RunCommand): void {
  const events = program.command('events').description('Account events that this service could not handle');

  events
    .command('list')
    .description('Lists the events that were set aside, oldest first')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) =>
      run(AccountEventsRepository, async (store) => {
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
    .description('Tries events that were set aside again; all of them by default')
    .argument('[event]', 'as events list shows it')
    .option('--json', 'as JSON')
    .action((event: string | undefined, { json }: { json?: true }) =>
      run(AccountEventsRepository, async (store) => {
        const count = await store.retry(event);
        if (event !== undefined && count === 0) throw new Error(`No event ${event} is set aside.`);
        print(json, { retried: count }, [`Events that the service will try again within seconds: ${count}.`]);
      }),
    );
}
