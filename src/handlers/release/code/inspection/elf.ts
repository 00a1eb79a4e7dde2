// ELF, the format of programs and libraries on Linux: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html,
// symbol versions: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html

/** Reads bytes of a file that need not fit into the memory. */
export type ReadBytes = (start: number, length: number) => Promise<Buffer>;
/** The same; without a length it reads a window that may end with the file. */
type ReadBounded = (start: number, length?: number) => Promise<Buffer>;

/** What an ELF file needs to be loaded. */
export interface ElfFile {
  readonly machine: number;
  /** Whether it is a program of its own, and not a library. */
  readonly executable: boolean;
  /** The program that loads it, for example `/lib/ld-musl-x86_64.so.1`. */
  readonly interpreter?: string;
  /** The names of the libraries that it needs. */
  readonly needed: string[];
  /** The versions of symbols that it needs, for example `GLIBC_2.28`; without those that may be missing. */
  readonly versions: string[];
}

/** The length of the header. */
export const ELF_HEADER_BYTES = 64;
const MAGIC = 0x464c457f; // \x7fELF
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const TYPES = { executable: 2, shared: 3 };
const SEGMENTS = { load: 1, dynamic: 2, interpreter: 3 };
const TAGS = { needed: 1, stringTable: 5, stringTableSize: 10, versions: 0x6ffffffe, versionCount: 0x6fffffff };
const WEAK = 2;
/** The largest table that is read: an invalid file may claim any size. */
const TABLE_BYTES = 32 * 1024 * 1024;
/** Longer than any table of versions, whose length the file does not say. */
const VERSIONS_BYTES = 64 * 1024;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** Whether these first bytes of a file are the header of a program or library for 64-bit Linux, or of another one. */
export function isElf(head: Buffer): boolean {
  return head.length >= 20 && head.readUInt32LE(0) === MAGIC;
}

/** Reads an ELF file; undefined if it is no program or library, or invalid. */
export async function readElf(read: ReadBytes, fileSize: number): Promise<ElfFile | undefined> {
  try {
    return await readSegments(bounded(read, fileSize));
  } catch (error) {
    if ((error as Error).name === 'RangeError') {
      return undefined; // offsets that lead out of the file
    }
    throw error;
  }
}

function bounded(read: ReadBytes, fileSize: number): ReadBounded {
  return async (start, length = Math.min(VERSIONS_BYTES, fileSize - start)) => {
    if (!(start >= 0 && length >= 0 && start + length <= fileSize && length <= TABLE_BYTES)) {
      throw new RangeError('outside of the file');
    }
    return read(start, length);
  };
}

async function readSegments(read: ReadBounded): Promise<ElfFile | undefined> {
  const header = await read(0, ELF_HEADER_BYTES);
  const type = header.readUInt16LE(16);
  const machine = header.readUInt16LE(18);
  if (type !== TYPES.executable && type !== TYPES.shared) {
    return undefined;
  }
  const plain = { machine, executable: type === TYPES.executable, needed: [], versions: [] };
  if (header[4] !== CLASS_64 || header[5] !== LITTLE_ENDIAN) {
    return plain; // another machine, whose tables have another layout
  }
  const count = header.readUInt16LE(56);
  const size = header.readUInt16LE(54);
  const table = await read(Number(header.readBigUInt64LE(32)), count * size);
  const segments = Array.from({ length: count }, (_, index) => readSegment(table.subarray(index * size)));
  const interpreter = segments.find((segment) => segment.type === SEGMENTS.interpreter);
  const dynamic = segments.find((segment) => segment.type === SEGMENTS.dynamic);
  return {
    ...plain,
    executable: plain.executable || interpreter !== undefined,
    interpreter: interpreter && textAt(await read(interpreter.offset, interpreter.size), 0),
    ...(dynamic ? await readDynamic(read, segments, dynamic) : {}),
  };
}

function readSegment(bytes: Buffer): Segment {
  return {
    type: bytes.readUInt32LE(0),
    offset: Number(bytes.readBigUInt64LE(8)),
    address: Number(bytes.readBigUInt64LE(16)),
    size: Number(bytes.readBigUInt64LE(32)),
  };
}

async function readDynamic(
  read: ReadBounded,
  segments: Segment[],
  { offset, size }: Segment,
): Promise<Pick<ElfFile, 'needed' | 'versions'>> {
  const bytes = await read(offset, size);
  const entries = Array.from({ length: Math.floor(size / 16) }, (_, index) => ({
    tag: Number(bytes.readBigUInt64LE(index * 16)),
    value: Number(bytes.readBigUInt64LE(index * 16 + 8)),
  }));
  const valueOf = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
  const strings = valueOf(TAGS.stringTable);
  if (strings === undefined) {
    return { needed: [], versions: [] };
  }
  const text = await read(offsetOf(segments, strings), valueOf(TAGS.stringTableSize) ?? 0);
  const versions = valueOf(TAGS.versions);
  return {
    needed: entries.filter(({ tag }) => tag === TAGS.needed).map(({ value }) => textAt(text, value)),
    versions:
      versions === undefined
        ? []
        : readVersions(await read(offsetOf(segments, versions)), valueOf(TAGS.versionCount) ?? 0, text),
  };
}

/** The offset in the file of an address in the memory. */
function offsetOf(segments: Segment[], address: number): number {
  const segment = segments.find(
    ({ type, address: start, size }) => type === SEGMENTS.load && address >= start && address < start + size,
  );
  if (!segment) {
    throw new RangeError('an address outside of the file');
  }
  return address - segment.address + segment.offset;
}

/** The versions of symbols, library by library: a chain of records, each with a chain of versions. */
function readVersions(table: Buffer, libraries: number, text: Buffer): string[] {
  const found: string[] = [];
  let record = 0;
  for (let library = 0; library < libraries; library++) {
    let version = record + table.readUInt32LE(record + 8);
    for (let index = 0; index < table.readUInt16LE(record + 2); index++) {
      if (Math.floor(table.readUInt16LE(version + 4) / WEAK) % 2 === 0) {
        found.push(textAt(text, table.readUInt32LE(version + 8)));
      }
      version += table.readUInt32LE(version + 12);
    }
    record += table.readUInt32LE(record + 12);
  }
  return found;
}

function textAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString('latin1', start, end < 0 ? bytes.length : end);
}
