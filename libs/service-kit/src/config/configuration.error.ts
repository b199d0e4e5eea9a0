/**
 * The environment does not describe a service that can run.
 * Each fault is one line that names a variable, what is wrong with it and what is accepted; never its value.
 */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}
