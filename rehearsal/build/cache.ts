import * as fs from 'node:fs';
import * as path from 'node:path';
import { matchingFiles } from './files';
import { AwsError } from '../base/aws-error';
import { unzip, zipFiles } from '../base/zip';

/** Where the cache of a project lies between its builds. */
export interface CacheStore {
  /** Nothing when there is none yet. */
  read(): Promise<Buffer | undefined>;
  write(archive: Buffer): Promise<void>;
}

/** Folders of CodeBuild's container, as a build here has them in its home. */
const HOMES = /^\/(root\/|(?=go\/)|usr\/local\/share\/(?=\.cache\/))/;

/** What a zip has room for. */
const MOST_FILES = 65_534;

/** Puts back what the build before has kept; answers what to tell. */
export async function restoreCache(store: CacheStore, workFolder: string): Promise<string> {
  return attempt('not restored', async () => {
    const archive = await store.read();
    if (!archive) {
      return 'cache: nothing to restore';
    }
    return `cache: restored ${size(unzip(archive, workFolder))}`;
  });
}

/** Keeps the files that the paths of a buildspec name, in the home of the build or in its source; answers what to tell. */
export async function saveCache(store: CacheStore, paths: string[], workFolder: string): Promise<string[]> {
  const elsewhere = paths.filter((pattern) => pattern.startsWith('/') && !HOMES.test(pattern));
  const inHome = paths.filter((pattern) => HOMES.test(pattern)).map((pattern) => pattern.replace(HOMES, ''));
  const inSource = paths.filter((pattern) => !pattern.startsWith('/'));
  const files = [...filesIn('home', inHome, workFolder), ...filesIn('src', inSource, workFolder)];
  return [
    ...elsewhere.map(
      (pattern) =>
        `the cache path ${pattern} is left out: the rehearsal keeps what is in the home and in the source of a build`,
    ),
    await attempt('not saved', async () => {
      if (!files.length) {
        return 'cache: no files to save';
      }
      if (files.length > MOST_FILES) {
        return `cache: not saved: it has ${files.length} files, and the rehearsal keeps ${MOST_FILES} at most`;
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

/** A cache that can't be read or written fails no build. */
async function attempt(failed: string, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    return `cache: ${failed}: ${error.message}`;
  }
}

function size(sizes: number[]): string {
  const bytes = sizes.reduce((sum, one) => sum + one, 0);
  return `${sizes.length} files, ${(bytes / 1e6).toFixed(1)} MB`;
}
