import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { deflateSync } from 'node:zlib';

/*
 * Packs the programs of each recipe into one text, because CodeBuild accepts a build specification of at most 25,600
 * characters. The bundle does this instead of the synth, because versions of Node.js compress differently.
 */

const ROOT = path.join(__dirname, '..');
const SHARED = ['steps', 'files', 'code_artifact'];

/** The programs, each with the modules that only it uses. */
const PROGRAMS: Record<string, string[]> = {
  python: ['python'],
  node: ['node'],
  java: ['java'],
  dotnet: ['dotnet'],
  ruby: ['ruby'],
  provided: ['provided'],
};

/** Writes `recipes.json` into a folder. */
export function packRecipes(outdir: string): void {
  const packed = Object.entries(PROGRAMS).map(([name, own]) => [name, pack([...SHARED, ...own])]);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(path.join(outdir, 'recipes.json'), JSON.stringify(Object.fromEntries(packed), undefined, 2) + '\n');
}

function pack(modules: string[]): string {
  const texts = modules.map((name) => [`${name}.py`, readFileSync(path.join(ROOT, 'recipes', `${name}.py`), 'utf8')]);
  const files = Object.fromEntries([...texts, ['environment', '']]);
  return deflateSync(JSON.stringify(files), { level: 9 }).toString('base64');
}

if (require.main === module) {
  packRecipes(path.join(ROOT, 'assets'));
}
