import { jobFailed } from '../../base/failure';
import { ByteSource, collect } from '../bytes/byte-source';
import { LIMITS, megabytes } from '../limits';
import { damaged, readEntryName, refused, refuseDuplicates, refuseEntry, showName } from './refuse-entry';
import { ZipEntry } from './zip-entry';
import { CENTRAL, END, END64, END64_LOCATOR, FIRST_DAY, IN_ZIP64, LOCAL, ZIP64_EXTRA_ID } from './zip-format';

/** The record at the end of a zip, which says where its directory is. */
interface EndRecord {
  readonly count: number;
  readonly start: number;
  readonly length: number;
  /** The start of the record: the directory ends before. */
  readonly position: number;
}

const LONGEST_COMMENT = 0xffff;

/** Reads the directory of a zip, and refuses every entry that Lambda and another tool could read differently. */
export async function readDirectory(source: ByteSource): Promise<ZipEntry[]> {
  const end = await readEnd(source);
  if (end.count > LIMITS.entries || end.length > LIMITS.directoryBytes) {
    throw jobFailed(
      `${source.name} has ${end.count} entries in a directory of ${megabytes(end.length)}. The release ` +
        `function reads at most ${LIMITS.entries} entries and ${megabytes(LIMITS.directoryBytes)}. ` +
        'Omit files that the function does not need.',
    );
  }
  const bytes = await collect(source.stream(end.start, end.length));
  const entries: ZipEntry[] = [];
  let position = 0;
  for (let index = 0; index < end.count; index++) {
    if (position + CENTRAL.length > bytes.length || bytes.readUInt32LE(position) !== CENTRAL.signature) {
      throw damaged(source.name, `entry ${index + 1} of ${end.count} is missing`);
    }
    const record = bytes.subarray(position, position + recordLength(bytes, position));
    position += recordLength(bytes, position);
    const entry = readRecord(source.name, record);
    if (entry.name !== '') {
      refuseEntry(source.name, entry);
      entries.push(entry);
    }
  }
  if (position !== bytes.length) {
    throw damaged(source.name, 'its directory is longer than its entries');
  }
  refuseDuplicates(source.name, entries);
  return limitContents(source.name, entries, end.start);
}

function recordLength(bytes: Buffer, position: number): number {
  return (
    CENTRAL.length +
    bytes.readUInt16LE(position + 28) +
    bytes.readUInt16LE(position + 30) +
    bytes.readUInt16LE(position + 32)
  );
}

async function readEnd(source: ByteSource): Promise<EndRecord> {
  const start = Math.max(0, source.size - LONGEST_COMMENT - END.length - END64_LOCATOR.length);
  const bytes = await source.read(start, source.size - start);
  for (let offset = bytes.length - END.length; offset >= 0; offset--) {
    const isEnd = bytes.readUInt32LE(offset) === END.signature;
    if (isEnd && offset + END.length + bytes.readUInt16LE(offset + 20) === bytes.length) {
      return refuseImpossibleEnd(source, await readEndRecord(source, bytes, offset, start));
    }
  }
  throw damaged(source.name, 'it has no end record');
}

async function readEndRecord(source: ByteSource, bytes: Buffer, offset: number, start: number): Promise<EndRecord> {
  const [disk, directoryDisk] = [bytes.readUInt16LE(offset + 4), bytes.readUInt16LE(offset + 6)];
  const record = {
    count: bytes.readUInt16LE(offset + 10),
    length: bytes.readUInt32LE(offset + 12),
    start: bytes.readUInt32LE(offset + 16),
    position: start + offset,
  };
  const locator = offset - END64_LOCATOR.length;
  if (locator >= 0 && bytes.readUInt32LE(locator) === END64_LOCATOR.signature) {
    return readEnd64(source, bytes.subarray(locator), start + locator, record);
  }
  if (disk !== 0 || directoryDisk !== 0) {
    throw damaged(source.name, 'it is one of several parts');
  }
  return record;
}

async function readEnd64(
  source: ByteSource,
  locator: Buffer,
  locatorPosition: number,
  end: EndRecord,
): Promise<EndRecord> {
  const position = Number(locator.readBigUInt64LE(8));
  if (position + END64.length > locatorPosition) {
    throw damaged(source.name, 'its ZIP64 end record is missing');
  }
  const record = await source.read(position, END64.length);
  if (record.readUInt32LE(0) !== END64.signature || record.readUInt32LE(16) !== 0 || record.readUInt32LE(20) !== 0) {
    throw damaged(source.name, 'its ZIP64 end record is invalid');
  }
  const end64 = {
    count: Number(record.readBigUInt64LE(32)),
    length: Number(record.readBigUInt64LE(40)),
    start: Number(record.readBigUInt64LE(48)),
    position,
  };
  const agrees =
    [IN_ZIP64.uint16, end64.count].includes(end.count) &&
    [IN_ZIP64.uint32, end64.length].includes(end.length) &&
    [IN_ZIP64.uint32, end64.start].includes(end.start);
  if (!agrees) {
    throw damaged(source.name, 'it has two end records that differ');
  }
  return end64;
}

function refuseImpossibleEnd(source: ByteSource, end: EndRecord): EndRecord {
  if (end.start + end.length !== end.position) {
    throw damaged(source.name, 'its directory is not where the end record says');
  }
  return end;
}

function readRecord(archive: string, record: Buffer): ZipEntry {
  const nameEnd = CENTRAL.length + record.readUInt16LE(28);
  const extraEnd = nameEnd + record.readUInt16LE(30);
  if (extraEnd > record.length || record.readUInt16LE(34) !== 0) {
    throw damaged(archive, 'an entry of its directory is cut off, or in another part');
  }
  const written = readEntryName(archive, record.subarray(CENTRAL.length, nameEnd));
  const name = normalizeName(written);
  const [size, packedSize, start] = readSizes(archive, written, record, record.subarray(nameEnd, extraEnd));
  return {
    name,
    writtenName: written,
    mode: record.readUInt16LE(40),
    size,
    packedSize,
    crc32: record.readUInt32LE(16),
    method: record.readUInt16LE(10),
    flags: record.readUInt16LE(8),
    start,
    end: start,
    reproducible: name === written && extraEnd === nameEnd && record.readUInt32LE(12) === FIRST_DAY * 0x10000,
  };
}

/** The path without `.` and empty segments, as it will be unpacked. */
function normalizeName(name: string): string {
  if (!/(^|\/)(\.?\/|\.$)/.test(name)) {
    return name;
  }
  const path = name
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
  return path !== '' && name.endsWith('/') ? `${path}/` : path;
}

/** The unpacked size, the packed size and the start; each is in the ZIP64 field if it does not fit into 32 bits. */
function readSizes(archive: string, name: string, record: Buffer, extra: Buffer): [number, number, number] {
  const fields = [24, 20, 42].map((offset) => record.readUInt32LE(offset));
  const missing = fields.filter((value) => value === IN_ZIP64.uint32).length;
  if (missing > 0) {
    const zip64 = findZip64(extra);
    if (zip64.length < missing * 8) {
      throw damaged(archive, `the sizes of ${showName(name)} are missing`);
    }
    let offset = 0;
    for (const [index, value] of fields.entries()) {
      if (value === IN_ZIP64.uint32) {
        fields[index] = Number(zip64.readBigUInt64LE(offset));
        offset += 8;
      }
    }
  }
  return fields as [number, number, number];
}

function findZip64(extra: Buffer): Buffer {
  for (let offset = 0; offset + 4 <= extra.length;) {
    const end = offset + 4 + extra.readUInt16LE(offset + 2);
    if (extra.readUInt16LE(offset) === ZIP64_EXTRA_ID) {
      return extra.subarray(offset + 4, end);
    }
    offset = end;
  }
  return Buffer.alloc(0);
}

/** Sets the end of each content. Two entries that share bytes are how a small zip unpacks to anything. */
function limitContents(archive: string, entries: ZipEntry[], directoryStart: number): ZipEntry[] {
  const byStart = [...entries].sort((a, b) => a.start - b.start);
  const ends = new Map<ZipEntry, number>();
  for (const [index, entry] of byStart.entries()) {
    const end = byStart[index + 1]?.start ?? directoryStart;
    if (entry.start + LOCAL.length + entry.packedSize > end) {
      throw refused(archive, entry.name, 'which overlaps the next entry', 'Build the artifact again');
    }
    ends.set(entry, end);
  }
  return entries.map((entry) => ({ ...entry, end: ends.get(entry)! }));
}
