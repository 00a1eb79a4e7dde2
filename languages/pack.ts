import { rmSync } from 'node:fs';
import * as path from 'node:path';
import { run } from './shell';

const LIBRARY = path.join(__dirname, '..');

/** Creates the package of each language in dist/, after deleting the results of older builds. */
export function pack(targets: string[], say: (text: string) => void): void {
  ['assets', 'dist', 'lib'].forEach((folder) => rmSync(path.join(LIBRARY, folder), { recursive: true, force: true }));
  for (const task of ['bundle', 'compile', 'rosetta:extract', ...targets.map((target) => `package:${target}`)]) {
    say(`npx projen ${task}`);
    run(`npx projen ${task}`, LIBRARY);
  }
}
