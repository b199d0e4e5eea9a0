import { describe, expect, it } from '@jest/globals';
import { chooseLanguage } from './language.js';

const AVAILABLE = new Map([
  ['en', ''],
  ['de', ''],
]);

describe('chooseLanguage', () => {
  it.each([
    ['the one chosen before', 'de', 'en', 'de'],
    ['what the browser asks for first', undefined, 'fr, de-AT;q=0.8, en;q=0.5', 'de'],
    ['what it asks for most', undefined, 'en;q=0.2, de;q=0.9', 'de'],
    ['English where nothing fits', undefined, 'fr, ja', 'en'],
    ['English without a wish', undefined, undefined, 'en'],
    ['nothing that is refused', undefined, 'de;q=0', 'en'],
    ['no markup that is sent in its place', '"><script>', '"><script>;q=1', 'en'],
    ['no property of objects', 'constructor', '__proto__', 'en'],
  ])('is %s', (_case, chosen, accepted, expected) => {
    expect(chooseLanguage(chosen, accepted, AVAILABLE)).toBe(expected);
  });
});
