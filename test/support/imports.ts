import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** The TypeScript files in a folder of the repository and in its subfolders, for example `src/index.ts`. */
export function filesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .sort();
}

/** The imports of a file: files of the repository without `.ts`, and names of packages. */
export function importsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/^(?:import|export)[^;]*?from '([^']+)';/gms),
    ...text.matchAll(/(?:import|require)\('([^']+)'\)/g),
  ].map(([, specifier]) => specifier);
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier,
  );
}
