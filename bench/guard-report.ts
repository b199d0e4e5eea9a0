import type { Figures, Plan } from './compare.ts';
import { amount, goals, type Measurements } from './goals.ts';
import type { IssuerFigures } from './micro/issuers.ts';
import type { VerifierFigures } from './micro/verifiers.ts';
import { measured, table } from './report.ts';
import { estimate, ratio } from './statistics.ts';

/** The whole report of `npm run bench`. */
export function guardReport(
  measurements: Measurements,
  profile: string | undefined,
  plan: Plan,
  isQuick: boolean,
): string {
  const { generations, rounds, requests } = plan;
  return [
    '# What the guard costs\n',
    measured(`npm run bench${isQuick ? ' -- --quick' : ''}`),
    `(${generations} × new processes, each time ${rounds} rounds of ${requests} requests for each candidate, in turns; CPU of the`,
    'server process). Ratios are taken round by round; medians of the generations, in brackets their range. All',
    'answer the same JSON body to the same kind of request, with a bearer token, over 8 kept-alive connections, from a',
    'client that never sleeps, as on one machine the server would pay for waking it.\n',
    '## Goals\n',
    `${goals(measurements)}\n`,
    '## Requests\n',
    `${comparison(measurements.figures)}\n`,
    'Every server was warmed up on this route and on an open one. Hot: a token seen before. Cold: each request with a',
    "token that the service has never seen. A whole service: with service-kit's log line, metrics and headers.",
    'fast-jwt, jose and the sample verify every token anew.\n',
    '## Verifying a new token, in one process\n',
    `${besideBare('our verifier', measurements.verifiers)}\n`,
    '## Making a new token, in one process\n',
    `${besideBare('access-token.issuer.ts', measurements.issuers)}\n`,
    'Of the whole token: its claims, their JSON, both encodings. Bare: the signature alone, of bytes that lie ready.\n',
    ...(profile === undefined ? [] : ['## Where the time goes, by a sampling profiler\n', `${profile}\n`]),
  ].join('\n');
}

function comparison(figures: readonly Figures[]): string {
  const base = figures.find(({ label }) => label === 'raw Fastify')?.cpu ?? [];
  const rows = figures.map(({ label, cpu, requestsPerSecond }) => [
    label,
    estimate(cpu).value.toFixed(1),
    amount(ratio(cpu, base)),
    Math.round(estimate(requestsPerSecond).value).toLocaleString('en'),
  ]);
  return table(['', 'CPU µs a request', '/ raw Fastify', 'requests a second'], rows);
}

function besideBare(
  ours: string,
  generations: readonly (readonly (VerifierFigures | IssuerFigures)[])[],
): string {
  const algorithms = generations[0]?.map(({ algorithm }) => algorithm) ?? [];
  const rows = algorithms.map((algorithm) => {
    const all = generations.map((list) => list.find((it) => it.algorithm === algorithm));
    const [times, bare] = [all.map((it) => it?.ours ?? []), all.map((it) => it?.bare ?? [])];
    return [
      algorithm,
      estimate(times).value.toFixed(1),
      estimate(bare).value.toFixed(1),
      amount(ratio(times, bare)),
    ];
  });
  return table(['', `${ours}, CPU µs`, 'bare node:crypto, CPU µs', 'ratio'], rows);
}
