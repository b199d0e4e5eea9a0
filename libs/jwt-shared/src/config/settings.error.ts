/**
 * The settings do not describe a service that can tell good tokens from bad. Each fault is one line that names a
 * variable or an option and what is accepted; never its value.
 */
export class JwtSettingsError extends Error {
  override readonly name = 'JwtSettingsError';
  readonly #faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.#faults = faults;
    // Nest prints the error that ends a start: where it was thrown tells an operator nothing.
    delete this.stack;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }
}

/** @throws {JwtSettingsError} when there are faults */
export function assertNoFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new JwtSettingsError(faults);
}
