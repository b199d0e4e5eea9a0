import { limitOption, print, type RunCommand, table } from '@signet/service-kit';
import { Option, type Command } from 'commander';
import type { RecordedEvent } from '../audit/audit.repository.js';
import { AUDIT_EVENTS } from '../audit/audit.table.js';
import { since } from '../audit/since.js';
import { AuditEventDto } from './dto/audit.dto.js';
import { AuditQueryService, type AuditQuestion } from './audit-query.service.js';

/** `audit …`: the record of security events. */
export function addAuditCommands(program: Command, run: RunCommand): void {
  const audit = program.command('audit').description('The record of security events');

  audit
    .command('list')
    .description('Lists security events, newest first')
    .option('--user <id or address>', 'of this user')
    .addOption(new Option('--event <event>', 'of this kind').choices(AUDIT_EVENTS))
    .option(
      '--since <time>',
      'since a time (2026-01-31 or 2026-01-31T12:00:00Z), or within an age (24h, 7d)',
      since,
    )
    .addOption(limitOption())
    .option('--json', 'as JSON')
    .action(({ json, ...question }: AuditQuestion & { json?: boolean }) =>
      run(AuditQueryService, async (query) => list(await query.list(question), json)),
    );
}

function list(events: readonly RecordedEvent[], json?: boolean): void {
  const rows = events.map((event) => {
    const { id: _id, doer: _doer, ...row } = AuditEventDto.of(event);
    return row;
  });
  // What a requester says about itself must not move the cursor of a terminal, or turn its text around.
  const shown = rows.map((row) => ({ ...row, user_agent: row.user_agent?.replaceAll(/\p{C}/gu, '?') }));
  print(
    json,
    { events: rows },
    table(shown, ['time', 'event', 'outcome', 'user_id', 'session_id', 'ip', 'user_agent', 'subject']),
  );
}
