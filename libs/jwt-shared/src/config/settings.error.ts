/**
 * The settings do not describe a service that can tell good tokens from bad. Each fault is one line that names a
 * variable or an option and what is accepted; never its value.
 */
export class JwtSettingsError extends Error {
  override readonly name = 'JwtSettingsError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** @throws {JwtSettingsError} when there are faults */
export function assertNoFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new JwtSettingsError(faults);
}
