/** Pauses that double up to a limit, with a random half so that replicas do not come all at once. */
export function pauseBefore(attempt: number, firstMs: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), longestMs) * (0.5 + Math.random() / 2);
}
