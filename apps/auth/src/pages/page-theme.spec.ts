import { ConfigurationError } from '@signet/service-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPageTheme } from './page-theme.js';

describe('readPageTheme', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signet-theme-'));
    folder = join(root, 'theme');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const put = (name: string, content = '') => writeFileSync(join(folder, name), content);
  const contentOf = (name: string) => readPageTheme(folder).files.get(`/${name}`)?.body.toString();

  it('takes a logo and a stylesheet in the place of ours', () => {
    put('logo.webp');
    put('theme.css', ':root {}');
    expect(readPageTheme(folder)).toMatchObject({ logo: 'logo.webp', stylesheet: 'theme.css' });
    expect(readPageTheme(undefined)).toEqual({ files: new Map(), logo: 'logo.svg' });
  });

  it('takes a volume of Kubernetes, whose files are links through a hidden folder', () => {
    mkdirSync(join(folder, '..2027_01_01'));
    put('..2027_01_01/theme.css', ':root { --accent: teal }');
    symlinkSync('..2027_01_01', join(folder, '..data'));
    symlinkSync('..data/theme.css', join(folder, 'theme.css'));
    expect(contentOf('theme.css')).toContain('teal');
  });

  it('keeps what it has read: a file that changes later is another start away', () => {
    put('theme.css', 'before');
    const theme = readPageTheme(folder);
    put('theme.css', 'after');
    expect(theme.files.get('/theme.css')?.body.toString()).toBe('before');
  });

  it.each<[string, string, () => void]>([
    ['another name', 'index.html', () => put('index.html')],
    ['a folder', 'theme.css', () => mkdirSync(join(folder, 'theme.css'))],
    ['a pipe', 'theme.css', () => void execFileSync('mkfifo', [join(folder, 'theme.css')])],
    ['a device without an end', 'logo.png', () => symlinkSync('/dev/zero', join(folder, 'logo.png'))],
    ['a link to nothing', 'logo.svg', () => symlinkSync('nowhere', join(folder, 'logo.svg'))],
    ['a huge file', 'logo.png', () => put('logo.png', 'x'.repeat(600_000))],
  ])('refuses %s and names it', (_case, name, prepare) => {
    prepare();
    expect(() => readPageTheme(folder)).toThrow(ConfigurationError);
    expect(() => readPageTheme(folder)).toThrow(name);
  });
});
