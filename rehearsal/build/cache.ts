import * as fs from 'node:fs';
import * as path from 'node:path';
import { matchingFiles } from './files';
import { AwsError } from '../base/aws-error';
import { unzip, zipFiles } from '../base/zip';

/** The storage of the cache of a project between its builds. */
export interface CacheStore {
  /** Returns undefined before the first build. */
  read(): Promise<Buffer | undefined>;
  write(archive: Buffer): Promise<void>;
}

/** The folders of CodeBuild's container that a build here has in its home. */
const HOMES = /^\/(root\/|(?=go\/)|usr\/local\/share\/(?=\.cache\/))/;

/** The limit of a zip. */
const MOST_FILES = 65_534;

/** Restores the cache of the previous build. Returns a note. */
export async function restoreCache(store: CacheStore, workFolder: string): Promise<string> {
  return attempt('not restored', async () => {
    const archive = await store.read();
    if (!archive) {
      return 'cache: nothing to restore';
    }
    return `cache: restored ${size(unzip(archive, workFolder))}`;
  });
}

/** Saves the cached files in the home of the build and in its source. Returns notes. */
export async function saveCache(store: CacheStore, paths: string[], workFolder: string): Promise<string[]> {
  const elsewhere = paths.filter((pattern) => pattern.startsWith('/') && !HOMES.test(pattern));
  const inHome = paths.filter((pattern) => HOMES.test(pattern)).map((pattern) => pattern.replace(HOMES, ''));
  const inSource = paths.filter((pattern) => !pattern.startsWith('/'));
  const files = [...filesIn('home', inHome, workFolder), ...filesIn('src', inSource, workFolder)];
  return [
    ...elsewhere.map(
      (pattern) =>
        `the cache path ${pattern} is ignored: the rehearsal caches files in the home and in the source of a build`,
    ),
    await attempt('not saved', async () => {
      if (!files.length) {
        return 'cache: no files to save';
      }
      if (files.length > MOST_FILES) {
        return `cache: not saved: it has ${files.length} files, and the rehearsal caches at most ${MOST_FILES}`;
      }
      await store.write(zipFiles(files));
      return `cache: saved ${size(files.map(({ content }) => content.length))}`;
    }),
  ];
}

function filesIn(folder: string, patterns: string[], workFolder: string) {
  if (!patterns.length) {
    return [];
  }
  const spec = {
    files: patterns.flatMap((pattern) => [pattern, `${pattern}/**`]),
    baseDirectory: '.',
    discardPaths: false,
  };
  return matchingFiles(spec, path.join(workFolder, folder), {}).files.map(({ file, name }) => ({
    name: `${folder}/${name}`,
    content: fs.readFileSync(file),
    mode: fs.statSync(file).mode,
  }));
}

/** A failure to read or write a cache does not fail the build. */
async function attempt(failure: string, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    return `cache: ${failure}: ${error.message}`;
  }
}

function size(sizes: number[]): string {
  const bytes = sizes.reduce((sum, more) => sum + more, 0);
  return `${sizes.length} files, ${(bytes / 1e6).toFixed(1)} MB`;
}
