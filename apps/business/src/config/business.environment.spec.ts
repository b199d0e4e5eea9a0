import { expect, it } from '@jest/globals';
import { declaredVariables } from '@signet/service-kit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusinessEnvironment } from './business.environment.js';

it('every variable of business is in docs/settings.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/settings.md'), 'utf8');
  const known = new Set(Array.from(text.matchAll(/`([A-Z][A-Z0-9_]+)`/g), ([, name]) => name));
  expect([...declaredVariables(BusinessEnvironment)].filter((name) => !known.has(name))).toEqual([]);
});
