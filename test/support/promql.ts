/** The series that an expression asks for: of a metric, with each of these values of a label. */
export interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** Labels that Prometheus adds when it scrapes, and that have values only when there has been such an answer. */
const ADDED = new Set(['job', 'instance', 'le', 'status']);
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** What a PromQL expression reads: all names that are neither functions nor keywords nor labels. */
export function selectorsIn(expression: string): Selector[] {
  const plain = expression
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right) ?\([^)]*\)/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ');
  const found = plain.matchAll(/([a-z_:][a-z0-9_:]*)(\{[^}]*\})?(?!\w|\s*\(|"|=|\$)/gi);
  return Array.from(found, ([, metric = '', matchers = '']) => ({
    metric,
    labels: labelsOf(matchers),
  })).filter(({ metric }) => !WORDS.has(metric));
}

/** `=` and, of words, `=~`; any other pattern is passed over. */
function labelsOf(matchers: string): Record<string, readonly string[]> {
  const named = Array.from(
    matchers.matchAll(/(\w+)(?:=|=~)"(\w+(?:\|\w+)*)"/g),
    ([, name = '', values = '']) => [name, values.split('|')] as const,
  );
  return Object.fromEntries(named.filter(([name]) => !ADDED.has(name)));
}
