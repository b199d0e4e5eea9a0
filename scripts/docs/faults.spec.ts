import { describe, expect, it } from '@jest/globals';
import { deadLinks, markersIn, undocumentedCodes, undocumentedVariables, unknownNames } from './faults.ts';
import type { Facts } from './faults.ts';
import { anchorsOf, pageOf } from './pages.ts';
import { readFacts } from './facts.ts';

const facts: Facts = {
  ...readFacts(),
  scripts: new Set(['build', 'bench:refresh', 'start', 'test']),
  variables: new Set(['JWT_SECRET']),
  errorCodes: new Set(['TASK_NOT_FOUND']),
};
const page = (text: string) => pageOf('docs/page.md', text);

describe('markers of a merge are found', () => {
  it.each([
    ['as git writes the first', '<<<<<<< HEAD'],
    ['as git writes the last', '>>>>>>> branch'],
    ['as git writes the middle', '======='],
    ['as git writes the common ancestor', '||||||| 1a2b3c4'],
    ['as a formatter takes it for quotations', '> > > > > > > branch'],
    ['as a formatter takes it for a row of a table', '| =======      |'],
  ])('%s', (_, line) => {
    expect(markersIn('page.md', `before\n${line}\nafter`)).toEqual(['page.md:2: a merge-conflict marker']);
  });

  it.each(['> a quotation', '| a | row |', '==', 'a <<< b', '> > twice quoted'])('but not in %j', (line) => {
    expect(markersIn('page.md', line)).toEqual([]);
  });
});

describe('a dead link is found', () => {
  it.each([
    ['to a file', '[a page](no-such-page.md)'],
    ['to a heading', '[a heading](#no-such-heading)'],
    ['to a heading of another page', '[a heading](other.md#no-such-heading)'],
    ['of an image', '![a picture](no-such-picture.png)'],
    ['by reference', '[a page]: no-such-page.md'],
  ])('%s', (_, text) => {
    const other = pageOf('docs/other.md', '# Other');
    const real = pageOf('docs/settings.md', '# Settings');
    const subject = { ...page(text.replace('other.md', 'settings.md')), path: 'docs/page.md' };
    expect(deadLinks(subject, [subject, other, real], facts)).toHaveLength(1);
  });

  it('and a live one is none', () => {
    const subject = page(
      '# The page\n\n[up](../README.md), [here](#the-page), [there](https://example.com/#x)',
    );
    expect(deadLinks(subject, [subject], facts)).toEqual([]);
  });

  it('and what a fenced block shows is no link', () => {
    const subject = page('```md\n[a page](no-such-page.md)\n```\n');
    expect(deadLinks(subject, [subject], facts)).toEqual([]);
  });
});

describe('an unknown name is found', () => {
  it.each([
    ['of a script', 'Run `npm run no-such-script`.'],
    ['of a script in a block', '```sh\nnpm run no-such-script\n```\n'],
    ['of a path', 'It is in `apps/auth/src/no-such-file.ts`.'],
    ['of a variable', 'Set `NO_SUCH_VARIABLE`.'],
    ['of a variable with a value', 'Set `NO_SUCH_VARIABLE=on`.'],
  ])('%s', (_, text) => {
    expect(unknownNames(page(text), facts)).toHaveLength(1);
  });

  it('and known ones are none', () => {
    const text = '`npm run build`, npm start, `README.md`, `apps/auth`, `JWT_SECRET=…`, `TASK_NOT_FOUND`';
    expect(unknownNames(page(text), facts)).toEqual([]);
  });
});

it('an error code without an explanation is found', () => {
  expect(undocumentedCodes(page('| `OTHER` | 404 |'), facts)).toHaveLength(1);
  expect(undocumentedCodes(page('| `TASK_NOT_FOUND` | 404 |'), facts)).toEqual([]);
});

it('a variable without a description is found', () => {
  expect(undocumentedVariables(page('`PORT`'), new Set(['PORT', 'HOST']))).toHaveLength(1);
});

it('the codes that services and guard answer with are read off the sources', () => {
  const { errorCodes } = readFacts();
  for (const code of [
    'TASK_NOT_FOUND',
    'INVALID_CREDENTIALS',
    'TOKEN_EXPIRED',
    'INSUFFICIENT_SCOPE',
    'OVERLOADED',
  ])
    expect(errorCodes).toContain(code);
});

it('headings have the anchors that GitHub gives them', () => {
  const text = '# A `KEY` and a [link](x.md)\n\n## Twice\n\n## Twice\n';
  expect([...anchorsOf(page(text))]).toEqual(['a-key-and-a-link', 'twice', 'twice-1']);
});
