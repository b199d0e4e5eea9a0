import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'src/texts');
const textsIn = (file: string) =>
  Object.entries(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Record<string, string>);
/** What is put in: `{email}`. */
const valuesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([value]) => value).toSorted();

const ENGLISH = new Map(textsIn('en.json'));
const OTHERS = globSync('*.json', { cwd: FOLDER }).filter((file) => file !== 'en.json');

describe('the texts of the pages', () => {
  it('there is more than one language', () => expect(OTHERS).toContain('de.json'));

  it.each(OTHERS)('%s says everything that English says, with the same values, and nothing else', (file) => {
    const texts = textsIn(file);
    expect(new Set(texts.map(([key]) => key))).toEqual(new Set(ENGLISH.keys()));
    for (const [key, text] of texts) {
      expect([key, valuesIn(text)]).toEqual([key, valuesIn(ENGLISH.get(key) ?? '')]);
      expect([key, text.trim()]).not.toEqual([key, '']);
    }
  });
});
