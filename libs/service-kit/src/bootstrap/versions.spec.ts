import { expect, test } from '@jest/globals';
import { requireNode, version } from './versions.js';

test('an older Node is refused by name', () => {
  expect(() => requireNode('20.20.2')).toThrow('Node 26 or newer is needed, and this is 20.20.2');
});

test.each(['26.0.0', '26.10.0', '27.0.1'])('Node %s is new enough', (running) => {
  expect(() => requireNode(running)).not.toThrow();
});

test('the version is that of the nearest package', () => {
  expect(version()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(version('/')).toBe('unknown');
});
