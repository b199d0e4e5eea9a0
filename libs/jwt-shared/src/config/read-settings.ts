import type { Rules } from './rule.js';

/** What a set of settings says, and what is wrong with it. */
export interface ReadSettings<T> {
  readonly values: T;
  /** One line for each fault, beginning with the name of the setting. */
  readonly faults: readonly string[];
}

/**
 * Reads environment variables by their rules. One that is set to the empty string counts as unset, as compose files
 * and shells write it that way.
 *
 * @param standIns what counts for a variable that is unset, before its rule's own default
 */
export function readEnvironment<T extends object>(
  rules: Rules<T>,
  environment: Readonly<Record<string, string | undefined>>,
  standIns: Readonly<Record<string, () => string>> = {},
): ReadSettings<T> {
  const values: Record<string, unknown> = {};
  for (const [name, { isNumber, fallback }] of namedRules(rules)) {
    const text = environment[name] || standIns[name]?.();
    values[name] = text === undefined ? fallback : isNumber ? Number(text) : text;
  }
  return { values: values as T, faults: faultsOf(rules, values) };
}

/** Every fault of a set of settings. */
export function faultsOf<T extends object>(
  rules: Rules<T>,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return namedRules(rules).flatMap(([name, rule]) => {
    const fault = rule.faultOf(values[name], values);
    return fault === undefined ? [] : [`${name} ${fault}`];
  });
}

function namedRules<T extends object>(rules: Rules<T>) {
  return Object.entries<Rules<T>[keyof T]>(rules);
}
