import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { jobFailed } from '../base/failure';

/** A file to be written into a zip. */
export interface ZipFile {
  readonly name: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** An entry of a zip that was read. */
export interface ZipEntry {
  readonly name: string;
  /** Unix mode with its file type, 0 when the zip doesn't tell. */
  readonly mode: number;
  readonly size: number;
  /** Time is 1980-01-01 00:00 and there are no extra fields: nothing in the entry depends on when or where it was made. */
  readonly timeless: boolean;
  read(): Buffer;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
/** 1980-01-01 as a zip writes it, the earliest day there is. */
const FIRST_DAY = 0x21;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const STORED = 0;
const VERSION = 20;
const MADE_ON_UNIX = 0x0300 + VERSION;
const ENTRY_LIMIT = 0xffff;
const SIZE_LIMIT = 0xffffffff;

/** Reads the directory of a zip; contents are read one by one, since they may be large. */
export function readZip(bytes: Buffer): ZipEntry[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let offset = bytes.readUInt32LE(end + 16);
  if (count === ENTRY_LIMIT || offset === SIZE_LIMIT) {
    throw jobFailed(`the zip has ${ENTRY_LIMIT} entries or more (zip64), which is not supported`);
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (offset + CENTRAL_LENGTH > bytes.length || bytes.readUInt32LE(offset) !== CENTRAL) {
      throw damaged(`entry ${index + 1} of ${count} is missing`);
    }
    entries.push(readEntry(bytes, offset));
    offset +=
      CENTRAL_LENGTH +
      bytes.readUInt16LE(offset + 28) +
      bytes.readUInt16LE(offset + 30) +
      bytes.readUInt16LE(offset + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  for (let offset = bytes.length - END_LENGTH; offset >= Math.max(0, bytes.length - END_LENGTH - 0xffff); offset--) {
    if (bytes.readUInt32LE(offset) === END && offset + END_LENGTH + bytes.readUInt16LE(offset + 20) === bytes.length) {
      return offset;
    }
  }
  throw damaged('it has no end record');
}

function readEntry(bytes: Buffer, offset: number): ZipEntry {
  const nameBytes = bytes.subarray(offset + CENTRAL_LENGTH, offset + CENTRAL_LENGTH + bytes.readUInt16LE(offset + 28));
  const name = nameBytes.toString('utf8');
  refuseName(name, nameBytes);
  if (bytes.readUInt16LE(offset + 8) % 2 === 1) {
    throw jobFailed(`the zip's entry ${name} is encrypted, which Lambda can't read`);
  }
  const local = bytes.readUInt32LE(offset + 42);
  if (local + LOCAL_LENGTH > bytes.length || bytes.readUInt32LE(local) !== LOCAL) {
    throw damaged(`the content of ${name} is missing`);
  }
  const extraLength = bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(local + 28);
  const timeless =
    extraLength === 0 && bytes.readUInt16LE(offset + 12) === 0 && bytes.readUInt16LE(offset + 14) === FIRST_DAY;
  const mode = Math.floor(bytes.readUInt32LE(offset + 38) / 0x10000);
  return { name, mode, size: bytes.readUInt32LE(offset + 24), timeless, read: () => readContent(bytes, offset, name) };
}

/** Names that would be written outside of the package's folder, or that come out different on Linux. */
function refuseName(name: string, nameBytes: Buffer): void {
  if (!Buffer.from(name, 'utf8').equals(nameBytes)) {
    throw jobFailed(`the zip's entry ${JSON.stringify(name)} has a name that is not UTF-8`);
  }
  if (
    name.includes('\\') ||
    name.startsWith('/') ||
    /^[a-z]:/i.test(name) ||
    name.split('/').includes('..') ||
    name.includes('\0') ||
    name === ''
  ) {
    throw jobFailed(
      `the zip's entry ${JSON.stringify(name)} is refused: names must be relative, with forward slashes, and without '..'`,
    );
  }
}

function readContent(bytes: Buffer, offset: number, name: string): Buffer {
  const size = bytes.readUInt32LE(offset + 24);
  const method = bytes.readUInt16LE(offset + 10);
  const local = bytes.readUInt32LE(offset + 42);
  const start = local + LOCAL_LENGTH + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + bytes.readUInt32LE(offset + 20));
  if (method !== STORED && method !== DEFLATED) {
    throw jobFailed(`the zip's entry ${name} is packed by method ${method}; Lambda reads stored and deflated ones`);
  }
  const content = method === STORED ? packed : inflate(packed, size, name);
  if (content.length !== size || crc32(content) !== bytes.readUInt32LE(offset + 16)) {
    throw damaged(`the content of ${name} does not match its checksum`);
  }
  return content;
}

function inflate(packed: Buffer, size: number, name: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw damaged(`the content of ${name} can't be unpacked: ${(error as Error).message}`);
  }
}

function damaged(what: string): Error {
  return jobFailed(`the zip is damaged or not a zip: ${what}`);
}

/** Writes a zip that depends on nothing but names, modes and contents. */
export function writeZip(files: Iterable<ZipFile>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name, 'utf8');
    const packed = deflateRawSync(file.content);
    const common = renderCommon(name, packed, file.content);
    const local = Buffer.concat([uint32(LOCAL), common, name, packed]);
    centrals.push(
      Buffer.concat([uint32(CENTRAL), uint16(MADE_ON_UNIX), common, renderAttributes(file.mode, offset), name]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = [
    uint32(END),
    uint32(0),
    uint16(centrals.length),
    uint16(centrals.length),
    uint32(directory.length),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat([...locals, directory, ...end]);
}

/** The fields that the local and the central header have in common. */
function renderCommon(name: Buffer, packed: Buffer, content: Buffer): Buffer {
  return Buffer.concat([
    uint16(VERSION),
    uint16(UTF8_NAMES),
    uint16(DEFLATED),
    uint16(0),
    uint16(FIRST_DAY),
    uint32(crc32(content)),
    uint32(packed.length),
    uint32(content.length),
    uint16(name.length),
    uint16(0),
  ]);
}

/** Comment, disk, attributes and place of an entry. */
function renderAttributes(mode: number, offset: number): Buffer {
  return Buffer.concat([uint16(0), uint16(0), uint16(0), uint32(mode * 0x10000), uint32(offset)]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
