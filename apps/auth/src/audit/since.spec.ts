import { describe, expect, it } from '@jest/globals';
import { parseSince } from './since.js';

const NOW = Date.parse('2026-03-10T12:00:00Z');

describe('a time as an operator writes it', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['90s', '2026-03-10T11:58:30.000Z'],
    ['30m', '2026-03-10T11:30:00.000Z'],
    ['24h', '2026-03-09T12:00:00.000Z'],
    ['7d', '2026-03-03T12:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(parseSince(text, NOW)?.toISOString()).toBe(time);
  });

  it.each([
    '',
    'yesterday',
    '24',
    '-1h',
    '1.5h',
    '7w',
    '2026-13-01',
    '2026-01-31T12:00:00',
    '31.1.2026',
    '9999999d',
  ])('"%s" is none', (text) => {
    expect(parseSince(text, NOW)).toBeUndefined();
  });
});
