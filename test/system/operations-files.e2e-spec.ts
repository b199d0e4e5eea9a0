import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/services.js';
import { deploy, PASSWORD, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { readMetrics } from '../support/metrics.js';
import { selectorsIn, type Selector } from '../support/promql.js';
import { newKeyRing } from '../support/secrets.js';
import { APPS } from '../support/service.js';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

const read = (file: string) => readFileSync(join(ROOT, 'docs/operations', file), 'utf8');

/** Expressions by where they are used. */
function expressions(): [string, string][] {
  const { panels } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
  const shown = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }): [string, string] => [`panel "${title}"`, expr]),
  );
  const alerts = read('alerts.yml').matchAll(
    /- alert: (\w+)\n(?:.*\n)*?\s+expr: (?:>-\n)?((?:.*\n)+?)\s+(?:for|labels):/g,
  );
  return [
    ...shown,
    ...Array.from(alerts, ([, name, expr = '']): [string, string] => [`alert ${name}`, expr]),
  ];
}

describe('the dashboard and the alerts', () => {
  let deployment: Deployment;
  const series: string[] = [];
  beforeAll(async () => {
    deployment = await deploy({
      ...newKeyRing(),
    });
    const body = { email: 'ada@example.com', password: PASSWORD };
    await request('POST', `${deployment.auth.url}/auth/login`, { body });
    for (const app of APPS) series.push(...(await readMetrics(deployment[app])).keys());
  });
  afterAll(() => undeploy(deployment));

  /** What of a selector there is no series for. */
  function missingOf({ metric, labels }: Selector): string[] {
    const named = series.filter((name) => name === metric || name.startsWith(`${metric}{`));
    const pairs = Object.entries(labels).flatMap(([label, values]) =>
      values.map((value) => `${label}="${value}"`),
    );
    if (named.length === 0) return [metric];
    return pairs.filter((pair) => !named.some((name) => name.includes(pair)));
  }

  it('are read by this test in every part', () => {
    const expression = 'sum by (job) (rate(a_total{x="1",y=~"2|3",job="j"}[5m])) > 4 * b and c == 0';
    expect(selectorsIn(expression)).toEqual([
      { metric: 'a_total', labels: { x: ['1'], y: ['2', '3'] } },
      { metric: 'b', labels: {} },
      { metric: 'c', labels: {} },
    ]);
  });

  it('are all read by this test', () => {
    const places = expressions().map(([place]) => place.split(' ')[0]);
    expect(places.filter((place) => place === 'alert')).toHaveLength(
      read('alerts.yml').split('- alert:').length - 1,
    );
    expect(places.filter((place) => place === 'panel').length).toBeGreaterThan(25);
  });

  it.each(expressions())('%s reads series that the services have', (_place, expression) => {
    const selectors = selectorsIn(expression);
    expect(selectors.length).toBeGreaterThan(0);
    // Prometheus makes `up` itself.
    const missing = selectors.filter(({ metric }) => metric !== 'up').flatMap(missingOf);
    expect(missing).toEqual([]);
  });
});
