/** Where the verifier reads the time; anything with `Date.now`'s meaning will do. */
export interface Clock {
  /** Milliseconds since the epoch, as {@link Date.now}. */
  now(): number;
  /** Milliseconds since any moment, which never jump, for how long something takes; {@link now} unless told. */
  monotonic?(): number;
}

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = { now: Date.now, monotonic: () => performance.now() };

/** Whole seconds since the epoch: the unit of every time in a token (`NumericDate`, RFC 7519 §2). */
export function secondsOf(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

/** Seconds that never jump, as the machine's wall clock may: their differences alone mean something. */
export function elapsed(clock: Clock): number {
  return (clock.monotonic?.() ?? clock.now()) / 1000;
}
