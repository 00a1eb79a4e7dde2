import { createHash } from 'node:crypto';
import { findFolderToStrip, HandlerPlace } from './handler-file';
import { readZip, writeZip, ZipEntry, ZipFile } from './zip';
import { jobFailed } from '../base/failure';
import { log } from '../base/log';

/** What Lambda takes as a function's code. */
export interface Package {
  readonly bytes: Buffer;
  /** As Lambda tells it: SHA-256 in base64. */
  readonly codeSha256: string;
  readonly sha256Hex: string;
  readonly files: string[];
  /** What was done to it that its maker ought to know. */
  readonly note?: string;
}

/** Lambda's limit for an unzipped package. */
export const UNZIPPED_LIMIT = 250 * 1024 * 1024;
const SIGNATURE = /^META-INF\/aws_signer_signature/;
const SYMLINK = 0o12;

/** Makes the package of the build's output: of the zip in it, or of its files. With the handler's place a zip made from outside of its folder is put right. */
export function makePackage(buildOutput: Buffer, projectName: string, place?: HandlerPlace): Package {
  const entries = readZip(buildOutput);
  const inner = choosePackage(entries, projectName);
  log('package', { from: inner ? inner.name : 'the files of the build output' });
  if (inner && inner.size > UNZIPPED_LIMIT) {
    throw tooLarge(inner.name, inner.size);
  }
  const zip = inner ? inner.read() : buildOutput;
  return packageOf(zip, inner ? readZip(zip) : entries, place);
}

/** The zip that is the package; undefined when the build's output is itself the package. */
export function choosePackage(entries: ZipEntry[], projectName: string): ZipEntry | undefined {
  const name = `${projectName}.zip`;
  const files = entries.filter((entry) => !isFolder(entry));
  if (files.length === 0) {
    throw jobFailed(
      `the build's output is empty: it needs ${name}, or the files of the package. Look at 'artifacts' in the buildspec.`,
    );
  }
  const named = files.find((entry) => entry.name === name);
  if (named) {
    return named;
  }
  const zips = files.filter((entry) => entry.name.endsWith('.zip'));
  if (zips.length < files.length) {
    return undefined;
  }
  if (zips.length === 1) {
    return zips[0];
  }
  throw jobFailed(
    `the build's output holds ${zips.length} zips, and none is ${name}: ${zips.map((entry) => entry.name).join(', ')}. ` +
      `Name the package ${name} in the buildspec.`,
  );
}

function packageOf(zip: Buffer, packed: ZipEntry[], place?: HandlerPlace): Package {
  const folder = findFolder(packed, place);
  const entries = folder ? strip(packed, folder) : packed;
  const files = namesOf(entries);
  if (files.length === 0) {
    throw jobFailed('the package is empty: its zip holds no file');
  }
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > UNZIPPED_LIMIT) {
    throw tooLarge('the package', size);
  }
  const bytes = !folder && (isReproducible(entries) || isSigned(files)) ? zip : writeZip(normalize(entries));
  const hash = createHash('sha256').update(bytes);
  const sha256Hex = hash.digest('hex');
  return {
    bytes,
    sha256Hex,
    codeSha256: Buffer.from(sha256Hex, 'hex').toString('base64'),
    files,
    note: describeStrip(folder),
  };
}

function findFolder(entries: ZipEntry[], place?: HandlerPlace): string | undefined {
  const names = namesOf(entries);
  return place && !isSigned(names) ? findFolderToStrip(place, names) : undefined;
}

/** The entries in the folder, as if the zip had been made inside of it. */
function strip(entries: ZipEntry[], folder: string): ZipEntry[] {
  return entries
    .filter((entry) => entry.name.startsWith(folder) && entry.name !== folder)
    .map((entry) => ({ ...entry, name: entry.name.slice(folder.length) }));
}

function describeStrip(folder?: string): string | undefined {
  return folder && `the zip was made from outside of ${folder}, so its files were moved to the root of the package`;
}

function namesOf(entries: ZipEntry[]): string[] {
  return entries.filter((entry) => !isFolder(entry)).map((entry) => entry.name);
}

/** Whether the same content always gives these bytes, so that Lambda recognises an unchanged package by its hash. */
function isReproducible(entries: ZipEntry[]): boolean {
  return entries.every((entry, index) => entry.timeless && (index === 0 || entries[index - 1].name < entry.name));
}

/** A signature holds for the bytes as they are. */
function isSigned(files: string[]): boolean {
  return files.some((name) => SIGNATURE.test(name));
}

/** Sorted files with plain modes; folders only where they would be lost, because no file is in them. */
function* normalize(entries: ZipEntry[]): Generator<ZipFile> {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [index, entry] of sorted.entries()) {
    if (isFolder(entry) && sorted[index + 1]?.name.startsWith(entry.name)) {
      continue;
    }
    yield { name: entry.name, mode: plainMode(entry), content: entry.read() };
  }
}

function plainMode(entry: ZipEntry): number {
  if (isFolder(entry)) {
    return 0o040755;
  }
  if (Math.floor(entry.mode / 0o10000) === SYMLINK) {
    return 0o120777;
  }
  if (entry.mode === 0) {
    return 0o100755;
  } // made on Windows: nobody knows which files are executable
  return isExecutable(entry.mode) ? 0o100755 : 0o100644;
}

function isExecutable(mode: number): boolean {
  return (mode % 0o1000)
    .toString(8)
    .split('')
    .some((digit) => Number(digit) % 2 === 1);
}

function isFolder(entry: ZipEntry): boolean {
  return entry.name.endsWith('/');
}

function tooLarge(what: string, size: number): Error {
  return jobFailed(
    `${what} has ${megabytes(size)} MB unzipped, and Lambda takes at most ${megabytes(UNZIPPED_LIMIT)} MB. ` +
      'Leave out what the function does not need, or move it to a layer or a container image.',
  );
}

function megabytes(size: number): number {
  return Math.ceil(size / 1024 / 1024);
}
