import type { Figures } from './compare.ts';
import type { IssuerFigures } from './micro/issuers.ts';
import type { MemoryFigures } from './micro/memory.ts';
import type { VerifierFigures } from './micro/verifiers.ts';
import { table } from './report.ts';
import { ratio, type Estimate } from './statistics.ts';

/** All that a run has measured. */
export interface Measurements {
  readonly figures: readonly Figures[];
  /** One for each generation. */
  readonly verifiers: readonly (readonly VerifierFigures[])[];
  /** One for each generation. */
  readonly issuers: readonly (readonly IssuerFigures[])[];
  readonly memory: MemoryFigures;
}

/** A figure of the project's goals: a ratio, or an amount, and what it must not exceed (or fall below). */
interface Goal {
  readonly name: string;
  readonly measured: Estimate;
  readonly limit: number;
  readonly atLeast?: boolean;
  readonly unit?: string;
}

/** The goals beside what was measured. */
export function goals(measurements: Measurements): string {
  const rows = goalsOf(measurements).map((goal) => {
    const { name, measured, limit, atLeast = false, unit = '' } = goal;
    return [name, amount(measured, unit), `${atLeast ? '≥' : '≤'} ${limit}${unit}`, verdict(goal)];
  });
  return table(['figure', 'measured', 'goal', ''], rows);
}

/** An estimate with its spread, where there is one. */
export function amount({ value, low, high }: Estimate, unit = ''): string {
  const digits = unit ? 1 : 2;
  const spread = low === high ? '' : ` (${low.toFixed(digits)}–${high.toFixed(digits)})`;
  return `${value.toFixed(digits)}${unit}${spread}`;
}

/** Met or missed only where the whole spread is on one side: chance decides the rest. */
function verdict({ measured: { low, high }, limit, atLeast = false }: Goal): string {
  const [best, worst] = atLeast ? [-high, -low] : [low, high];
  const bound = atLeast ? -limit : limit;
  if (worst <= bound) return 'met';
  return best > bound ? 'missed' : 'too close to tell';
}

const ISSUED = ['HS256', 'ES256', 'RS256', 'PS256', 'EdDSA'] as const;

function goalsOf({ figures, verifiers, issuers, memory }: Measurements): Goal[] {
  const cpu = (label: string) => figures.find((it) => it.label === label)?.cpu ?? [];
  const hot = cpu('our guard, hot token');
  const open = cpu('our guard, @Public() route');
  const es256 = verifiers.map((all) => all.filter(({ algorithm }) => algorithm === 'ES256'));
  return [
    { name: 'hot token / the same route @Public()', measured: ratio(hot, open), limit: 1.05 },
    {
      name: '1,000 hot tokens in turn / the same route @Public()',
      measured: ratio(cpu('our guard, 1,000 hot tokens in turn'), open),
      limit: 1.05,
    },
    {
      name: 'cold HS256 / the same route @Public()',
      measured: ratio(cpu('our guard, cold HS256'), open),
      limit: 1.5,
    },
    {
      name: 'cold ES256 in our verifier / bare node:crypto',
      measured: ratio(
        es256.map((all) => all.flatMap(({ ours }) => ours)),
        es256.map((all) => all.flatMap(({ bare }) => bare)),
      ),
      limit: 1.3,
    },
    ...ISSUED.map((algorithm) => {
      const all = issuers.map((generation) => generation.find((it) => it.algorithm === algorithm));
      const [ours, bare] = [all.map((it) => it?.ours ?? []), all.map((it) => it?.bare ?? [])];
      return {
        name: `a new ${algorithm} token by auth / bare node:crypto`,
        measured: ratio(ours, bare),
        limit: 1.5,
      };
    }),
    {
      name: "the Nest documentation's sample / hot token",
      measured: ratio(cpu("the Nest documentation's sample"), hot),
      limit: 4,
      atLeast: true,
    },
    {
      name: 'a whole service, hot token / the guarded route alone',
      measured: ratio(cpu('our guard in a whole service, hot token'), hot),
      limit: 1.5,
    },
    { name: 'hot token / raw Fastify', measured: ratio(hot, cpu('raw Fastify')), limit: 1.6 },
    {
      name: '10,000 revocations held / none, hot token',
      measured: ratio(cpu('our guard, hot token, 10,000 revocations held'), hot),
      limit: 1.02,
    },
    {
      name: 'memory of 100,000 cached tokens',
      measured: megabytes(memory.cachedTokensBytes),
      limit: 100,
      unit: ' MB',
    },
    {
      name: 'memory after 100,000 more',
      measured: megabytes(memory.cacheAfterMoreBytes),
      limit: 100,
      unit: ' MB',
    },
    {
      name: 'memory of 10,000 revocations',
      measured: megabytes(memory.revocationsBytes),
      limit: 5,
      unit: ' MB',
    },
  ];
}

function megabytes(bytes: number): Estimate {
  return { value: bytes / 1e6, low: bytes / 1e6, high: bytes / 1e6 };
}
