import * as fs from 'node:fs';
import * as path from 'node:path';
import { ArtifactSpec, FilesSpec } from './buildspec';
import { zipFiles } from '../base/zip';

/** An output file of a build. */
export interface BuildFile {
  readonly file: string;
  /** The name in the artifact. */
  readonly name: string;
}

/** A failure of `UPLOAD_ARTIFACTS`, with CodeBuild's message. */
export class ArtifactError extends Error {}

/** Returns the sorted files that match the patterns of a buildspec, and the patterns without a match. */
export function matchingFiles(
  spec: FilesSpec,
  sourceFolder: string,
  variables: Record<string, string>,
): { files: BuildFile[]; unmatched: string[] } {
  const base = path.resolve(sourceFolder, expand(spec.baseDirectory, variables));
  if (!fs.existsSync(base)) {
    throw new ArtifactError(`no matching base directory path found for ${spec.baseDirectory}`);
  }
  const names = walk(base, '', []);
  const patterns = spec.files.map((pattern) => ({
    pattern,
    matches: glob(path.posix.normalize(expand(pattern, variables))),
  }));
  return {
    files: names
      .filter((name) => patterns.some(({ matches }) => matches.test(name)))
      .map((name) => ({ file: path.join(base, name), name: spec.discardPaths ? path.basename(name) : name })),
    unmatched: patterns
      .filter(({ matches }) => !names.some((name) => matches.test(name)))
      .map(({ pattern }) => pattern),
  };
}

/** Writes the artifact of a build. Returns the patterns without a match. */
export function writeArtifact(
  spec: ArtifactSpec,
  sourceFolder: string,
  variables: Record<string, string>,
  target: string,
): string[] {
  const { files, unmatched } = matchingFiles(spec, sourceFolder, variables);
  const excluded = spec.excludePaths.map((pattern) => glob(path.posix.normalize(expand(pattern, variables))));
  const kept = files.filter(({ name }) => !excluded.some((pattern) => pattern.test(name)));
  if (!kept.length) {
    throw new ArtifactError(`no matching artifact paths found for ${spec.files.join(', ')}`);
  }
  fs.writeFileSync(target, zipFiles(kept.map(zipFile)));
  return unmatched;
}

function zipFile({ file, name }: BuildFile) {
  const { mode, mtime } = fs.statSync(file);
  return { name, content: fs.readFileSync(file), mode, time: mtime };
}

/** Returns the paths of all files below a folder. Follows links, except to a parent folder. */
function walk(root: string, folder: string, parents: string[]): string[] {
  const real = fs.realpathSync(path.join(root, folder));
  if (parents.includes(real)) {
    return [];
  }
  return fs
    .readdirSync(real)
    .sort()
    .flatMap((name) => {
      const relative = folder ? `${folder}/${name}` : name;
      const found = fs.statSync(path.join(root, relative), { throwIfNoEntry: false });
      if (found?.isDirectory()) {
        return walk(root, relative, [...parents, real]);
      }
      return found?.isFile() ? [relative] : [];
    });
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') {
      return '(?:.*/)?';
    }
    if (part === '**') {
      return '.*';
    }
    if (part === '*') {
      return '[^/]*';
    }
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function expand(text: string, variables: Record<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_, braced?: string, plain?: string) => variables[(braced ?? plain)!] ?? '',
  );
}
