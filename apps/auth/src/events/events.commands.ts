import { limitOption, print, table, type RunCommand } from '@signet/service-kit';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { since } from '../audit/since.js';
import { ERASURE_STATES } from './erasures.dto.js';
import { ErasuresRepository, type ErasureFilter } from './erasures.repository.js';
import { EventOutboxRepository } from './event-outbox.repository.js';
import { EventStreamsRepository } from './event-streams.repository.js';

interface Options {
  readonly client?: string;
  readonly event?: string;
  readonly user?: string;
  readonly json?: true;
}

/** `events …` and `erasures …`: what services are told about accounts, and what they have confirmed. */
export function addEventCommands(program: Command, run: RunCommand): void {
  const events = program.command('events').description('Account events on their way to other services');
  addStreams(events, run);
  addList(events, run);
  addRetry(events, run);
  const erasures = program
    .command('erasures')
    .description('Deleted accounts, and which services have confirmed each deletion');
  addErasures(erasures, run);
  addRepeat(erasures, run);
}

function addStreams(events: Command, run: RunCommand): void {
  events
    .command('streams')
    .description('Lists the services that receive account events')
    .option('--json', 'as JSON')
    .action(({ json }: Options) =>
      run(EventStreamsRepository, async (streams) => {
        const rows = (await streams.list()).map((stream) => ({
          client_id: stream.clientId,
          stream_id: stream.id,
          events:
            stream.eventsRequested?.map((uri) => uri.slice(uri.lastIndexOf('/') + 1)).join(' ') ?? 'all',
          polled_at: stream.polledAt?.toISOString() ?? null,
        }));
        print(json, { streams: rows }, table(rows, ['client_id', 'stream_id', 'events', 'polled_at']));
      }),
    );
}

function addList(events: Command, run: RunCommand): void {
  events
    .command('list')
    .description('Lists events that were set aside: refused by their receiver, or never acknowledged')
    .option('--client <id>', 'of this client')
    .addOption(limitOption())
    .option('--json', 'as JSON')
    .action(({ client: clientId, limit: count, json }: Options & { limit: number }) =>
      run(EventOutboxRepository, async (outbox) => {
        const rows = (await outbox.listSetAside({ clientId, limit: count })).map((event) => ({
          event_id: event.jti,
          client_id: event.clientId,
          type: event.type.slice(event.type.lastIndexOf('/') + 1),
          user_id: event.userId,
          recorded_at: event.recordedAt.toISOString(),
          because: event.setAsideBecause,
          detail: event.setAsideDetail?.replaceAll(/\p{C}/gu, '?') ?? null,
        }));
        print(
          json,
          { events: rows },
          table(rows, ['event_id', 'client_id', 'type', 'user_id', 'recorded_at', 'because', 'detail']),
        );
      }),
    );
}

function addRetry(events: Command, run: RunCommand): void {
  events
    .command('retry')
    .description('Delivers events that were set aside again; all of them by default')
    .option('--client <id>', 'of this client')
    .option('--event <id>', 'this event alone', eventId)
    .option('--json', 'as JSON')
    .action(({ client: clientId, event: jti, json }: Options) =>
      run(EventOutboxRepository, async (outbox) => {
        const count = await outbox.deliverAgain({ clientId, jti });
        if (jti !== undefined && count === 0) throw new Error(`No event ${jti} is set aside.`);
        print(json, { delivered_again: count }, [`Events that will be delivered again: ${count}.`]);
      }),
    );
}

function addErasures(erasures: Command, run: RunCommand): void {
  erasures
    .command('list')
    .description('Lists deletions, newest first, and which services have confirmed them')
    .addOption(new Option('--state <state>', 'in this state').choices(ERASURE_STATES))
    .option('--user <id>', 'of this account', eventId)
    .addOption(limitOption())
    .option('--json', 'as JSON')
    .action(({ state, user: userId, limit: count, json }: Options & Pick<ErasureFilter, 'state' | 'limit'>) =>
      run(ErasuresRepository, async (repository) => {
        const found = await repository.list({ state, userId, limit: count });
        const rows = found.flatMap(({ services, ...erasure }) =>
          services.map(({ client_id: service, error, ...times }) => ({
            ...erasure,
            service,
            ...times,
            error: error?.replaceAll(/\p{C}/gu, '?') ?? null,
          })),
        );
        print(
          json,
          { erasures: found },
          table(rows, ['user_id', 'state', 'erased_at', 'service', 'told_at', 'confirmed_at', 'error']),
        );
      }),
    );
}

function addRepeat(erasures: Command, run: RunCommand): void {
  erasures
    .command('repeat')
    .description(
      'Tells a service again of deletions that it has confirmed, after its database was restored from a backup',
    )
    .requiredOption('--client <id>', 'the service')
    .requiredOption('--since <time>', 'the time of the backup, such as 2026-01-31T12:00:00Z', since)
    .option('--json', 'as JSON')
    .action(({ client, since: from, json }: Options & { client: string; since: Date }) =>
      run(ErasuresRepository, async (repository) => {
        const count = await repository.repeat(client, from);
        print(json, { repeated: count }, [
          count > 0
            ? `Deletions that ${client} will be told of again: ${count}.`
            : `${client} has confirmed no deletion since ${from.toISOString()}: there is nothing to repeat.`,
        ]);
      }),
    );
}

function eventId(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw new InvalidArgumentError('It is no UUID.');
}
