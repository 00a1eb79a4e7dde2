import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const LIBRARY = path.join(__dirname, '..', 'lib');
const REQUIRE_OF_CDK = /(\w+)\s*=\s*(?:__importStar\w*\()?require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g;

/** The names that the compiled library uses of the CDK, by module. */
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

function compiledFiles(): string[] {
  return readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => path.join(LIBRARY, name));
}
