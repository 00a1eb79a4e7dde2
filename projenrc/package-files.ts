import { readdirSync } from 'node:fs';
import * as path from 'node:path';

/*
 * What is in the npm package, and nothing else is: `.projenrc.ts` makes `files` of package.json from it, and
 * check-package.ts compares it with the packed files.
 */

const FILES = [
  '.jsii',
  'assets/THIRD-PARTY-LICENSES',
  'assets/cli/bootstrap/Bootstrap.java',
  'assets/cli/bootstrap/bootstrap.cjs',
  'assets/cli/bootstrap/bootstrap.py',
  'assets/cli/index.js',
  'assets/recipes.json',
  'assets/release/index.js',
  'assets/release/index.js.map',
  'assets/sbom.cdx.json',
  ...['code_artifact', 'dotnet', 'files', 'java', 'node', 'provided', 'python', 'ruby', 'steps'].map(
    (name) => `recipes/${name}.py`,
  ),
  'rosetta/default.ts-fixture',
];
/** What TypeScript makes of each source. */
const COMPILED = ['d.ts', 'js', 'js.map'];
/** The handlers run as assets/release; the construct needs only what it has agreed on with them. */
const HANDLERS = 'handlers';
const CONTRACT = 'handlers/release/contract';

/** `files` of package.json. npm applies the patterns in this order. */
export const FILE_PATTERNS = [
  ...FILES,
  ...COMPILED.map((extension) => `lib/**/*.${extension}`),
  `!lib/${HANDLERS}`,
  ...COMPILED.map((extension) => `lib/${CONTRACT}.${extension}`),
];

/** The files of the package, given the folder of the sources that lib/ is compiled from. */
export function packageFiles(sources = path.join(__dirname, '../src')): string[] {
  const modules = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace(/\\/g, '/').replace(/\.ts$/, ''))
    .filter((name) => !name.startsWith(`${HANDLERS}/`) || name === CONTRACT);
  const compiled = modules.flatMap((name) => COMPILED.map((extension) => `lib/${name}.${extension}`));
  return ['package.json', 'README.md', 'LICENSE', ...FILES, ...compiled];
}
