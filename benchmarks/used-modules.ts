import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

const LIBRARY = path.join(__dirname, '..', 'lib', 'index.js');
const REQUIRE_OF_CDK = /(\w+)\s*=\s*(?:__importStar\w*\()?require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g;
const REQUIRE_OF_OWN = /require\("(\.[^"]*)"\)/g;

/** Everything that the compiled library uses of the CDK: the names, by module. */
export function usedModules(): Record<string, string[]> {
  const used: Record<string, Set<string>> = {};
  for (const file of filesOf(LIBRARY)) {
    const code = readFileSync(file, 'utf8').replace(/\\\n/g, ''); // the package's lines are broken within texts too
    for (const [, variable, module] of code.matchAll(REQUIRE_OF_CDK)) {
      used[module] ??= new Set();
      for (const [, name] of code.matchAll(new RegExp(`\\b${variable}\\.([A-Z]\\w+)`, 'g'))) {
        used[module].add(name);
      }
    }
  }
  return Object.fromEntries(Object.entries(used).map(([module, names]) => [module, [...names].sort()]));
}

/** The file and all that it imports of the library. */
function filesOf(file: string, found = new Set<string>()): Set<string> {
  if (!found.has(file)) {
    found.add(file);
    for (const [, relative] of readFileSync(file, 'utf8').matchAll(REQUIRE_OF_OWN)) {
      filesOf(createRequire(file).resolve(relative), found);
    }
  }
  return found;
}
