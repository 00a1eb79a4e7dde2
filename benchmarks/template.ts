import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** The resources of all templates in an output folder. */
export function readResources(outdir: string): unknown[] {
  return readdirSync(outdir)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => Object.values(JSON.parse(readFileSync(path.join(outdir, file), 'utf8')).Resources ?? {}));
}

/** All actions with a wildcard that a statement allows. A denied action is no permission. */
export function wildcardActions(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) {
    return [];
  }
  const { Effect, Action } = node as { Effect?: string; Action?: string | string[] };
  const own = Effect === 'Allow' && Action ? [Action].flat().filter((action) => action.includes('*')) : [];
  return [...own, ...Object.values(node).flatMap(wildcardActions)];
}
