import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from './metrics.registry.js';

describe('MetricsRegistry', () => {
  it('reads gauges and counters anew whenever somebody looks', async () => {
    const registry = new MetricsRegistry();
    const counts = { hit: 0, miss: 0 };
    let level = 1;
    registry.gauge('level', 'A level.', () => level);
    registry.counters('lookups_total', 'Look-ups.', 'outcome', () => counts);
    expect(await registry.metrics()).toContain('lookups_total{outcome="hit"} 0');
    counts.hit += 3;
    counts.miss++;
    level = 7;
    const text = await registry.metrics();
    expect(text).toMatch(/^# TYPE lookups_total counter$/m);
    expect(text).toContain('lookups_total{outcome="hit"} 3\nlookups_total{outcome="miss"} 1');
    expect(text).toMatch(/^level 7$/m);
  });
});
