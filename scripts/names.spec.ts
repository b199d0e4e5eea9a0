import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What a class that Nest makes may be, and so its suffix and that of its file. */
const ROLES =
  'Controller|Filter|Grant|Guard|Interceptor|Issuer|Listener|Metrics|Module|Pipe|Receiver|Registry|Repository|Service|Strategy';
/** The published name of a library. */
const PUBLISHED = new Set(['SetAsideEvents']);

const DECORATED = /^@(?:Injectable|Catch|Controller|Module)\([^]*?^(?:export )?(?:abstract )?class (\w+)/gm;
const NAMED = new RegExp(`(${ROLES})$`);

const sources = globSync('{apps,libs}/*/src/**/*.{ts,template}', {
  exclude: (path) => /(^|\/)(testing|spec-support)$|\.spec\./.test(path),
});
const classes = sources.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(DECORATED)].map(([, name = '']) => ({ file, name })),
);

describe('class names', () => {
  it('are found', () => {
    expect(classes.length).toBeGreaterThan(100);
  });

  it('end in the role that the class has in Nest, and so do their files', () => {
    const misnamed = classes.filter(({ file, name }) => {
      const role = NAMED.exec(name)?.[1]?.toLowerCase();
      return role === undefined || !basename(file, '.template').endsWith(`.${role}.ts`);
    });
    expect(misnamed.filter(({ name }) => !PUBLISHED.has(name))).toEqual([]);
  });
});

describe('files', () => {
  /** Doors of libraries and modules, and what a tool looks for by its name. */
  const DOORS = /(^|\/)(index|drizzle)\.ts$|\.module\.ts$|\.d\.ts$/;

  it('hold ten lines at least, but for doors', () => {
    const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;
    const short = sources.filter((file) => file.endsWith('.ts') && !DOORS.test(file) && lines(file) < 10);
    expect(short).toEqual([]);
  });
});
