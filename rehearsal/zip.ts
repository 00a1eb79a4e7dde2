import * as fs from 'node:fs';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import * as yauzl from 'yauzl';
import * as yazl from 'yazl';

const FIXED_TIME = new Date(1980, 0, 1);

/** Zips a folder: sorted, with fixed times, so that the same content makes the same bytes. Names in `without` are left out wherever they are. */
export function zipFolder(folder: string, without: readonly string[] = []): Promise<Buffer> {
  const files = filesOf(folder, '', without).sort();
  const zip = new yazl.ZipFile();
  for (const file of files) {
    const source = path.join(folder, file);
    const options = { mtime: FIXED_TIME, mode: fs.statSync(source).mode & 0o111 ? 0o100755 : 0o100644, forceDosTimestamp: true };
    zip.addBuffer(fs.readFileSync(source), file.split(path.sep).join('/'), options);
  }
  zip.end();
  return buffer(zip.outputStream);
}

function filesOf(folder: string, below: string, without: readonly string[]): string[] {
  const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true }).filter((entry) => !without.includes(entry.name));
  return entries.flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? filesOf(folder, name, without) : [name];
  });
}

/** Zips texts, by name. */
export function zipTexts(texts: Record<string, string>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(texts)) zip.addBuffer(Buffer.from(text), name, { mtime: FIXED_TIME, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream);
}

/** Unpacks a zip into a new folder, keeping the modes. */
export async function unzip(bytes: Buffer, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  for await (const { entry, read } of entries(bytes)) {
    const target = path.join(folder, entry.fileName);
    if (entry.fileName.endsWith('/')) {
      fs.mkdirSync(target, { recursive: true });
      continue;
    }
    const mode = (entry.externalFileAttributes >>> 16) & 0xffff;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const content = await read();
    if ((mode & 0o170000) === 0o120000) fs.symlinkSync(content.toString(), target);
    else fs.writeFileSync(target, content, { mode: mode & 0o777 || 0o644 });
  }
}

/** The size of a zip's content; throws when the bytes are no zip. */
export async function unzippedSize(bytes: Buffer): Promise<number> {
  let size = 0;
  for await (const { entry } of entries(bytes)) size += entry.uncompressedSize;
  return size;
}

async function* entries(bytes: Buffer): AsyncGenerator<{ entry: yauzl.Entry; read: () => Promise<Buffer> }> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, file) => error ? reject(error) : resolve(file)));
  for (let left = zip.entryCount; left > 0; left--) {
    const entry = await new Promise<yauzl.Entry>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('error', reject);
      zip.readEntry();
    });
    yield { entry, read: () => readEntry(zip, entry) };
  }
}

function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => error ? reject(error) : resolve(buffer(stream))));
}
