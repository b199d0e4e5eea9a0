const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { dirname, join, sep } = require('node:path');
const { sources } = require('@rspack/core');

const FILE = 'THIRD-PARTY-LICENCES.txt';
const LICENCE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** Puts the licences of every package that is bundled beside the built file, as they ask for. */
module.exports = class LicencesPlugin {
  /** @param {readonly string[]} others packages that another bundler puts beside the built file */
  constructor(others = []) {
    this.others = others;
  }

  apply(compiler) {
    compiler.hooks.thisCompilation.tap('licences', (compilation) => {
      compilation.hooks.processAssets.tap('licences', () => {
        const folders = new Set(this.others.map((name) => join(__dirname, 'node_modules', name)));
        for (const module of compilation.modules)
          addPackage(folders, module.resource ?? module.rootModule?.resource);
        const texts = [...folders].toSorted((a, b) => a.localeCompare(b)).map((folder) => licenceOf(folder));
        compilation.emitAsset(FILE, new sources.RawSource(texts.join(`\n${'-'.repeat(80)}\n\n`)));
      });
    });
  }
};

/** The innermost package that a bundled file belongs to. */
function addPackage(folders, resource) {
  const [path] = resource?.split('?') ?? [];
  if (!path?.includes(`${sep}node_modules${sep}`)) return;
  for (let folder = dirname(path); folder.includes('node_modules'); folder = dirname(folder)) {
    if (isPackage(folder)) return void folders.add(folder);
  }
}

/** Folders inside a package may have a package.json too, which says how its files are loaded and not what it is. */
function isPackage(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined;
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENCE.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}
