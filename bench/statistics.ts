/** One figure of one candidate: a list for each generation of processes, and in it one value for each round. */
export type Sample = readonly (readonly number[])[];

/** A middle value and how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The value that a share of all others are below; `NaN` of nothing. @param share from 0 to 1, which is the greatest */
export function percentile(values: readonly number[], share: number): number {
  const index = Math.min(values.length - 1, Math.floor(share * values.length));
  return values.toSorted((a, b) => a - b)[index] ?? NaN;
}

/** The middle value; `NaN` of nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/**
 * The median of the generations' medians, with the least and the greatest of them. How a process was compiled and
 * where its memory lies is drawn anew in each generation, and the range of five draws holds the true median in 94
 * of 100 cases, whatever the distribution.
 */
export function estimate(sample: Sample): Estimate {
  const medians = sample.map((rounds) => median(rounds));
  return { value: median(medians), low: Math.min(...medians), high: Math.max(...medians) };
}

/** The ratio of two figures, taken round by round: what slows the machine down for a while slows both. */
export function ratio(dividend: Sample, divisor: Sample): Estimate {
  return estimate(
    dividend.map((rounds, generation) =>
      rounds.map((value, round) => value / (divisor[generation]?.[round] ?? NaN)),
    ),
  );
}
