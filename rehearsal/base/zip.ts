import * as fs from 'node:fs';
import * as path from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** A file to zip. */
export interface ZipFile {
  /** The path in the zip. */
  readonly name: string;
  readonly content: Buffer;
  /** The mode as in `stat`. Default: a plain file that everyone can read. */
  readonly mode?: number;
  /** Default: 1980-01-01, so that the same content gives the same bytes. */
  readonly time?: Date;
}

/** A file in a zip. */
interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly read: () => Buffer;
}

const LOCAL_FILE = 0x04034b50;
const CENTRAL_FILE = 0x02014b50;
const END = 0x06054b50;
const END_SIZE = 22;
const STORED = 0;
const DEFLATED = 8;
const MODERN = 20; // the first version of the format with deflate
const MADE_ON_UNIX = 3 * 0x100 + MODERN;
const UTF8_NAMES = 0x800;
const FIRST_DAY = new Date(1980, 0, 1);
const LINK = 0o12;

/** Zips files in the given order. */
export function zipFiles(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, time = FIRST_DAY } of files) {
    const packed = deflateRawSync(content);
    const common = commonHeader(name, content, packed, time);
    const local = Buffer.concat([numbers([LOCAL_FILE, 4], [MODERN, 2]), common, Buffer.from(name), packed]);
    const where = numbers([0, 2], [0, 2], [0, 2], [mode * 0x10000, 4], [offset, 4]);
    directory.push(numbers([CENTRAL_FILE, 4], [MADE_ON_UNIX, 2], [MODERN, 2]), common, where, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = numbers([END, 4], [0, 4], [files.length, 2], [files.length, 2], [central.length, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...parts, central, end]);
}

/** Zips a folder, sorted. Omits entries with a name in `without` at any depth. Keeps links, as `git archive` does. */
export function zipFolder(folder: string, without: readonly string[] = []): Buffer {
  return zipFiles(
    filesOf(folder, '', without)
      .sort()
      .map((file) => ({ name: file.split(path.sep).join('/'), ...packedFile(path.join(folder, file)) })),
  );
}

function packedFile(source: string): { readonly content: Buffer; readonly mode: number } {
  if (fs.lstatSync(source).isSymbolicLink()) {
    return { content: Buffer.from(fs.readlinkSync(source)), mode: LINK * 0o10000 + 0o777 };
  }
  return { content: fs.readFileSync(source), mode: isExecutable(source) ? 0o100755 : 0o100644 };
}

/** Zips texts by name. */
export function zipTexts(texts: Record<string, string>): Buffer {
  return zipFiles(Object.entries(texts).map(([name, text]) => ({ name, content: Buffer.from(text) })));
}

/** Unpacks a zip into a folder and keeps the modes. Returns the sizes of its files. */
export function unzip(bytes: Buffer, folder: string): number[] {
  fs.mkdirSync(folder, { recursive: true });
  return entriesOf(bytes).map(({ name, mode, size, read }) => {
    const target = path.join(folder, name);
    fs.mkdirSync(name.endsWith('/') ? target : path.dirname(target), { recursive: true });
    if (name.endsWith('/')) {
      return 0;
    }
    if (Math.floor(mode / 0o10000) === LINK) {
      fs.symlinkSync(read().toString(), target);
    } else {
      fs.writeFileSync(target, read(), { mode: mode % 0o1000 || 0o644 });
    }
    return size;
  });
}

/** Returns the size of the content of a zip. Throws if the bytes are not a zip. */
export function unzippedSize(bytes: Buffer): number {
  return entriesOf(bytes).reduce((sum, { size }) => sum + size, 0);
}

/** Returns the files in a zip by path. */
export function readZip(bytes: Buffer): Map<string, () => Buffer> {
  return new Map(entriesOf(bytes).map(({ name, read }) => [name, read]));
}

function entriesOf(bytes: Buffer): ZipEntry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let position = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || position === 0xffffffff) {
    throw new Error('not rehearsed: a ZIP64 archive (more than 65,534 files, or more than 4 GB)');
  }
  return Array.from({ length: count }, () => {
    const at = position;
    if (bytes.readUInt32LE(at) !== CENTRAL_FILE) {
      throw new Error('the zip is damaged: an entry is missing from its directory');
    }
    const nameLength = bytes.readUInt16LE(at + 28);
    position += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const name = checkedName(bytes.toString('utf8', at + 46, at + 46 + nameLength));
    return {
      name,
      size: bytes.readUInt32LE(at + 24),
      mode: bytes.readUInt16LE(at + 40),
      read: () => contentOf(bytes, at, name),
    };
  });
}

/** Returns the position of the end of the directory, which a comment may follow. */
function endOf(bytes: Buffer): number {
  for (let position = bytes.length - END_SIZE; position >= 0; position--) {
    if (bytes.readUInt32LE(position) === END) {
      return position;
    }
  }
  throw new Error('not a zip: the end of its directory is missing');
}

function contentOf(bytes: Buffer, entry: number, name: string): Buffer {
  const [method, local] = [bytes.readUInt16LE(entry + 10), bytes.readUInt32LE(entry + 42)];
  if (bytes.readUInt16LE(entry + 8) % 2 === 1) {
    throw new Error(`not rehearsed: ${name} in the zip is encrypted`);
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`not rehearsed: ${name} in the zip has compression method ${method}; only deflate is supported`);
  }
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + bytes.readUInt32LE(entry + 20));
  const content = method === STORED ? packed : inflateRawSync(packed);
  if (crc32(content) !== bytes.readUInt32LE(entry + 16)) {
    throw new Error(`the zip is damaged: the checksum of ${name} does not match`);
  }
  return content;
}

/** Rejects a name that leads out of the folder, as unzip does. */
function checkedName(name: string): string {
  if (name.startsWith('/') || name.split(/[\\/]/).includes('..')) {
    throw new Error(`the zip has a file with a path outside of the folder: ${name}`);
  }
  return name;
}

/** Renders the fields that the local header of a file and its directory entry have in common. */
function commonHeader(name: string, content: Buffer, packed: Buffer, time: Date): Buffer {
  return numbers(
    [UTF8_NAMES, 2],
    [DEFLATED, 2],
    [dosTime(time), 4],
    [crc32(content), 4],
    [packed.length, 4],
    [content.length, 4],
    [Buffer.byteLength(name), 2],
    [0, 2],
  );
}

function isExecutable(file: string): boolean {
  return /[1357]/.test(fs.statSync(file).mode.toString(8).slice(-3));
}

/** Converts a time to the MS-DOS format, which has a resolution of two seconds. */
function dosTime(time: Date): number {
  const date = Math.max(0, time.getFullYear() - 1980) * 0x200 + (time.getMonth() + 1) * 0x20 + time.getDate();
  return date * 0x10000 + time.getHours() * 0x800 + time.getMinutes() * 0x20 + Math.floor(time.getSeconds() / 2);
}

/** Renders numbers of the given lengths in bytes, little-endian. */
function numbers(...fields: [value: number, length: 2 | 4][]): Buffer {
  return Buffer.concat(
    fields.map(([value, length]) => {
      const bytes = Buffer.alloc(length);
      bytes.writeUIntLE(value, 0, length);
      return bytes;
    }),
  );
}

function filesOf(folder: string, below: string, without: readonly string[]): string[] {
  const entries = fs
    .readdirSync(path.join(folder, below), { withFileTypes: true })
    .filter((entry) => !without.includes(entry.name));
  return entries.flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? filesOf(folder, name, without) : [name];
  });
}
