import * as path from 'node:path';
import { PackageFiles } from './package-files';

/** The parts of a `package.json` that say how its package is loaded. */
export interface NodePackage {
  readonly name?: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Reads a `package.json`. A missing or invalid file has no fields. */
export async function readNodePackage(files: PackageFiles, file: string): Promise<NodePackage> {
  try {
    return (JSON.parse((await files.readSource(file)) ?? '{}') as NodePackage | null) ?? {};
  } catch {
    return {};
  }
}

/** Reads the nearest `package.json` of a file; undefined if there is none. */
export async function nearestNodePackage(files: PackageFiles, file: string): Promise<NodePackage | undefined> {
  const manifest = foldersOf(file)
    .map((folder) => path.posix.join(folder, 'package.json'))
    .find((each) => files.has(each));
  return manifest === undefined ? undefined : readNodePackage(files, manifest);
}

/** The folder of a file and each one around it, the nearest first. The root is empty. */
export function foldersOf(file: string): string[] {
  const folder = path.posix.dirname(file);
  return folder === '.' ? [''] : [folder, ...foldersOf(folder)];
}
