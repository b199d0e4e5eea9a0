import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { imageFiles, type ImageFile } from '../../scripts/image-files.js';
import { APPS, type App } from '../../scripts/services.js';

const builtFiles = (app: App): ImageFile[] => imageFiles(app).filter(({ to }) => /^[^/]+\.js$/.test(to));

describe('what is built, and held in memory', () => {
  it.each(APPS)('is ASCII in %s: one character beyond Latin-1 doubles what V8 takes for a source', (app) => {
    const files = builtFiles(app);
    expect(files.map(({ to }) => to)).toContain('main.js');
    expect(
      files.filter(({ from }) => /[\u0080-\uffff]/.test(readFileSync(from, 'utf8'))).map(({ to }) => to),
    ).toEqual([]);
  });

  it('has what auth needs for a mail alone in a file of its own', () => {
    expect(builtFiles('auth').map(({ to }) => to)).toContain('nodemailer.js');
  });
});
