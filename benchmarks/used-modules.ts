import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const LIBRARY = path.join(__dirname, '..', 'lib');
const REQUIRE_OF_CDK = /(\w+)\s*=\s*(?:__importStar\w*\()?require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g;

/** Everything that the compiled library uses of the CDK: the names, by module. */
export function usedModules(): Record<string, string[]> {
  const used: Record<string, Set<string>> = {};
  for (const file of compiledFiles()) {
    const code = readFileSync(file, 'utf8');
    for (const [, variable, module] of code.matchAll(REQUIRE_OF_CDK)) {
      used[module] ??= new Set();
      for (const [, name] of code.matchAll(new RegExp(`\\b${variable}\\.([A-Z]\\w+)`, 'g'))) {
        used[module].add(name);
      }
    }
  }
  return Object.fromEntries(Object.entries(used).map(([module, names]) => [module, [...names].sort()]));
}

/** What jsii has compiled, a file each. The package's one file is made of them, and its variables have lost their names. */
function compiledFiles(): string[] {
  return readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && name !== 'index.js')
    .map((name) => path.join(LIBRARY, name));
}
