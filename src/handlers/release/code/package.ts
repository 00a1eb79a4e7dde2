import { createHash } from 'node:crypto';
import { jobFailed } from '../base/failure';
import { log } from '../base/log';
import { TemporaryFile } from './bytes/temporary-file';
import { choosePackage, refuseSize } from './choose-package';
import { findFolderToStrip } from './inspection/handler-file';
import { inspectPackage } from './inspection/inspect-package';
import { PackageFiles } from './inspection/package-files';
import { Target } from './inspection/target';
import { isPlain, isSigned, rewritePackage } from './plain-package';
import { refuseLink } from './zip/refuse-entry';
import { ZipArchive } from './zip/zip-archive';
import { isFolder, isLink, ZipEntry } from './zip/zip-entry';

/** The code of a function, as Lambda accepts it. */
export interface Package {
  /** The zip. The caller of `makePackage` closes the file. */
  readonly file: TemporaryFile;
  /** The SHA-256 in base64, as Lambda returns it. */
  readonly codeSha256: string;
  readonly sha256Hex: string;
  /** What the developer should know about the package. */
  readonly notes: readonly string[];
}

/**
 * Makes the package from the build's output: from the zip in it, or from its files. Corrects a zip that was made
 * outside of its folder. Refuses a package that can't work on the target. The bytes are in files, never in the memory.
 */
export async function makePackage(output: ZipArchive, projectName: string, target: Target): Promise<Package> {
  const copy = await copyPackage(output, projectName);
  let file = copy;
  try {
    const archive = await ZipArchive.open(copy);
    const folder = findFolder(archive, target);
    const entries = folder ? strip(archive.entries, folder) : archive.entries;
    refuseEmpty(entries);
    refuseSize(entries);
    const files = new PackageFiles(archive, entries);
    await refuseLinks(files);
    const findings = await inspectPackage(files, target);
    if (folder || !isPlain(entries)) {
      file = await rewritePackage(archive, entries);
    }
    return { file, ...(await hashesOf(file)), notes: [...describeStrip(folder), ...findings] };
  } catch (error) {
    copy.close();
    throw error;
  } finally {
    if (file !== copy) {
      copy.close();
    }
  }
}

/** Copies the package from S3 into a file, where every piece is quickly available. */
async function copyPackage(output: ZipArchive, projectName: string): Promise<TemporaryFile> {
  const inner = choosePackage(output, projectName);
  log('package', { from: inner ? inner.name : 'the files of the build output' });
  if (!inner) {
    refuseSize(output.entries);
  }
  const file = new TemporaryFile(inner ? `The package ${inner.name}` : "The build's output");
  try {
    const content = inner ? output.content(inner) : output.source.stream(0, output.source.size);
    for await (const chunk of content) {
      file.append(chunk);
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function findFolder(archive: ZipArchive, target: Target): string | undefined {
  const names = archive.fileNames;
  return isSigned(archive.entries) ? undefined : findFolderToStrip(target, names);
}

/** The entries in the folder, as if the zip had been made in it. */
function strip(entries: readonly ZipEntry[], folder: string): ZipEntry[] {
  return entries
    .filter((entry) => entry.name.startsWith(folder) && entry.name !== folder)
    .map((entry) => ({ ...entry, name: entry.name.slice(folder.length) }));
}

function describeStrip(folder?: string): string[] {
  return folder ? [`the zip was made outside of ${folder}, so its files were moved to the root of the package`] : [];
}

function refuseEmpty(entries: readonly ZipEntry[]): void {
  if (entries.every(isFolder)) {
    throw jobFailed('The package is empty: its zip contains no file. Check what the build packs.');
  }
}

async function refuseLinks(files: PackageFiles): Promise<void> {
  const { archive } = files;
  const exists = (path: string) => path === '' || files.has(path) || files.hasFolder(path);
  for (const link of files.entries.filter(isLink)) {
    const target = await archive.readLink(link);
    refuseLink(archive.source.name, link.name, target, exists);
  }
}

async function hashesOf(file: TemporaryFile): Promise<Pick<Package, 'codeSha256' | 'sha256Hex'>> {
  const hash = createHash('sha256');
  for await (const chunk of file.stream(0, file.size)) {
    hash.update(chunk);
  }
  const sha256Hex = hash.digest('hex');
  return { sha256Hex, codeSha256: Buffer.from(sha256Hex, 'hex').toString('base64') };
}
