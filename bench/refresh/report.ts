import { CONNECTIONS } from '../load.ts';
import type { RefreshRound } from '../protocol.ts';
import { amount } from '../goals.ts';
import { measured, table } from '../report.ts';
import { median, type Estimate } from '../statistics.ts';

/** What was measured at one level, with so many sessions in the table. */
export interface Series {
  readonly level: string;
  readonly sessions: number;
  readonly rounds: readonly RefreshRound[];
}

const GOAL = 2;

/** The report of `npm run bench:refresh`. */
export function refreshReport(series: readonly Series[], plans: readonly string[], count: number): string {
  return [
    '# What a refresh costs\n',
    measured('npm run bench:refresh'),
    `(${series[0]?.rounds.length} rounds of ${count} for each, in turns, ${CONNECTIONS} under way at once; each session of the larger`,
    'table is met about once, at random. PostgreSQL is the embedded one as a service starts it, with what is committed',
    'on the disk. Bare: an `UPDATE … RETURNING` of such a row by a named statement of `pg`, nothing else; after a read: a',
    '`SELECT` of the row first, as a refresh must see the seed before it may change anything. Medians of the rounds, of',
    'ratios too, in brackets their range. In process: `RefreshService.refresh`, in the same process as the bare ones.',
    'Over HTTP: the same by one auth process, with all that stands around a route, and the bare ones by the client.)\n',
    table(
      [
        '',
        'sessions',
        'refresh, µs',
        `/ bare (goal ≤ ${GOAL})`,
        '/ bare after a read',
        'a second',
        'CPU µs',
        'a core',
      ],
      series.map(row),
    ),
    '\nµs: of wall time, for each of those under way. A core: refreshes in a second of CPU time of the auth process.\n',
    table(['1,000,000 sessions / 1,000, time of a refresh', ''], growth(series)),
    '\nHow PostgreSQL carries out the two statements of a refresh among 1,000,000 sessions:\n',
    ['```', ...plans, '```'].join('\n'),
  ].join('\n');
}

function row({ level, sessions, rounds }: Series): string[] {
  const refresh = rounds.map((it) => it.refresh);
  const wall = median(refresh.map((it) => it.wall));
  const cpu = median(refresh.map((it) => it.cpu));
  return [
    level,
    thousands(sessions),
    wall.toFixed(0),
    amount(rangeOf(rounds.map((it) => it.refresh.wall / it.bare.wall))),
    amount(rangeOf(rounds.map((it) => it.refresh.wall / it.bareAfterRead.wall))),
    thousands(1e6 / wall),
    cpu.toFixed(0),
    thousands(1e6 / cpu),
  ];
}

function growth(series: readonly Series[]): string[][] {
  return [...new Set(series.map(({ level }) => level))].map((level) => {
    const [few, many] = series
      .filter((it) => it.level === level)
      .map(({ rounds }) => rounds.map(({ refresh }) => refresh.wall));
    return [level, amount(rangeOf((many ?? []).map((value, round) => value / (few?.[round] ?? NaN))))];
  });
}

/** The median of all rounds, with the least and the greatest. */
function rangeOf(values: readonly number[]): Estimate {
  return { value: median(values), low: Math.min(...values), high: Math.max(...values) };
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}
