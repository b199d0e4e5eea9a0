import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { ConfigurationError } from './configuration.error.js';

type Environment = Readonly<Record<string, string | undefined>>;
/** What stands in for variables that are unset, made only when needed. */
export type Defaults = Readonly<Record<string, () => string>>;

/**
 * Reads the variables that `type` declares (its properties with validation rules) and checks them.
 * A variable set to the empty string counts as unset, as compose files and shells write it that way.
 *
 * @throws {ConfigurationError} with every fault at once
 */
export function readEnvironment<T extends object>(
  type: ClassConstructor<T>,
  defaults: Defaults = {},
  environment: Environment = process.env,
): T {
  const values: Record<string, string> = {};
  for (const name of declaredVariables(type)) {
    const value = environment[name] || defaults[name]?.();
    if (value !== undefined) values[name] = value;
  }
  const instance = plainToInstance(type, values, { exposeDefaultValues: true });
  const faults = validateSync(instance, { stopAtFirstError: true }).flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map((constraint) => `${property} ${constraint}`),
  );
  if (faults.length > 0) throw new ConfigurationError(faults);
  return instance;
}

/** The variables that a class of settings declares: its properties with validation rules. */
export function declaredVariables(type: ClassConstructor<object>): Set<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  return new Set(rules.map((rule) => rule.propertyName));
}
