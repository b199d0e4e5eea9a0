import { workspaceRoot } from '@signet/service-kit';
import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
  /** Absent for what does not get smaller. */
  readonly gzipped?: Buffer;
  readonly cacheControl: string;
}

/** What the pages are made of, in memory. */
export interface PageFiles {
  /** By path, as `/assets/main-BcrlzYQh.js`. */
  readonly files: ReadonlyMap<string, ServedFile>;
  /** Paths that a document loads, relative to it. */
  readonly script: string;
  readonly styles: readonly string[];
  /** The path of its texts, by language. */
  readonly languages: ReadonlyMap<string, string>;
}

type Manifest = Readonly<Record<string, { readonly file: string; readonly css?: readonly string[] }>>;

const ENTRY = 'src/main.tsx';
const TEXTS = /^src\/texts\/([a-z]{2,3}(?:-\w+)?)\.json$/;
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
};
/** Built files have their hash in their name. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_MINUTES = 'public, max-age=300';

/** Reads what was built beside the running file. @returns nothing if the pages have not been built */
export function readPageFiles(): PageFiles | undefined {
  const folder = [join(import.meta.dirname, 'pages'), join(workspaceRoot(), 'dist/apps/auth/pages')].find(
    (each) => statSync(join(each, 'manifest.json'), { throwIfNoEntry: false })?.isFile(),
  );
  if (folder === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const { file: script = '', css: styles = [] } = manifest[ENTRY] ?? {};
  const texts = Object.entries(manifest).flatMap(([source, { file }]) => {
    const [, language] = TEXTS.exec(source) ?? [];
    return language === undefined ? [] : [[language, file] as const];
  });
  const files = new Map<string, ServedFile>();
  for (const file of globSync('assets/*.{js,css}', { cwd: folder })) {
    files.set(`/assets/${basename(file)}`, readServedFile(join(folder, file), FOR_EVER));
  }
  files.set('/logo.svg', readServedFile(join(folder, 'logo.svg'), FOR_MINUTES));
  return { files, script, styles, languages: new Map(texts) };
}

/** @throws {Error} when the file cannot be read, or is none that pages load */
export function readServedFile(path: string, cacheControl = FOR_MINUTES): ServedFile {
  const type = TYPES[extname(path)];
  if (type === undefined) throw new Error(`${path} is no file that pages load`);
  const body = readFileSync(path);
  const isText = !/png|webp/.test(type);
  return { type, body, cacheControl, ...(isText && { gzipped: gzipSync(body, { level: 9 }) }) };
}
