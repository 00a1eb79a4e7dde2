import { readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

const LIBRARY = path.join(__dirname, '..', 'lib');
const REQUIRE = /const (\w+) = (?:__importStar\()?require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g;

/** Everything that the compiled library uses of the CDK: the names, by module. */
export function usedModules(): Record<string, string[]> {
  const used: Record<string, Set<string>> = {};
  for (const code of libraryFiles().map((file) => readFileSync(file, 'utf8'))) {
    for (const [, variable, module] of code.matchAll(REQUIRE)) {
      used[module] ??= new Set();
      for (const [, name] of code.matchAll(new RegExp(`\\b${variable}\\.([A-Z]\\w+)`, 'g'))) {
        used[module].add(name);
      }
    }
  }
  return Object.fromEntries(Object.entries(used).map(([module, names]) => [module, [...names].sort()]));
}

/** The library's own files; those of the release function are no part of it. */
function libraryFiles(): string[] {
  return readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith('handlers'))
    .map((file) => path.join(LIBRARY, file));
}
