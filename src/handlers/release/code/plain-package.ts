import { collect } from './bytes/byte-source';
import { TemporaryFile } from './bytes/temporary-file';
import { ZipArchive } from './zip/zip-archive';
import { isFolder, isLink, ZipEntry } from './zip/zip-entry';
import { ZipWriter } from './zip/zip-writer';

const SIGNATURE = /^META-INF\/aws_signer_signature/;
/** A file up to this size is compressed in one piece. */
const ONE_PIECE_BYTES = 512 * 1024;
const MODES = { folder: 0o040755, link: 0o120777, program: 0o100755, file: 0o100644 };

/** Whether AWS Signer signed the package: the signature is valid for these bytes only. */
export function isSigned(entries: readonly ZipEntry[]): boolean {
  return entries.some(({ name }) => SIGNATURE.test(name));
}

/**
 * Whether the package is used as it is: the same content always has these bytes, so that Lambda recognizes an unchanged
 * package, and the function can read every file.
 */
export function isPlain(entries: readonly ZipEntry[]): boolean {
  const isSorted = entries.every((entry, index) => index === 0 || entries[index - 1].name < entry.name);
  return (
    isSigned(entries) || (isSorted && entries.every((entry) => entry.reproducible && entry.mode === plainMode(entry)))
  );
}

/** Writes the package again: sorted, without times, with modes that let the function read every file. */
export async function rewritePackage(archive: ZipArchive, entries: readonly ZipEntry[]): Promise<TemporaryFile> {
  const file = new TemporaryFile('The package');
  try {
    const writer = new ZipWriter(file);
    const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [index, entry] of sorted.entries()) {
      if (isFolder(entry) && sorted[index + 1]?.name.startsWith(entry.name)) {
        continue; // its files imply it
      }
      const content = archive.content(entry);
      if (entry.size <= ONE_PIECE_BYTES) {
        writer.add({ name: entry.name, mode: plainMode(entry), content: await collect(content) });
      } else {
        await writer.addStream(entry.name, plainMode(entry), content);
      }
    }
    writer.finish();
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function plainMode(entry: ZipEntry): number {
  if (isFolder(entry)) {
    return MODES.folder;
  }
  if (isLink(entry)) {
    return MODES.link;
  }
  // A zip from Windows does not say which files are programs.
  return entry.mode === 0 || isExecutable(entry.mode) ? MODES.program : MODES.file;
}

function isExecutable(mode: number): boolean {
  return /[1357]/.test((mode % 0o1000).toString(8));
}
