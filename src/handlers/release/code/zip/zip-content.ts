import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { damaged, showName } from './refuse-entry';
import { ZipEntry } from './zip-entry';
import { FLAGS, hasFlag, LOCAL, METHODS } from './zip-format';
import { ByteSource } from '../bytes/byte-source';

/** Entries up to this size are unpacked in one piece: a stream for each of 65,535 files costs minutes. */
const ONE_PIECE_BYTES = 512 * 1024;

/** Streams the content of an entry, and fails if it is not as the directory says. */
export async function* readContent(source: ByteSource, entry: ZipEntry): AsyncGenerator<Buffer> {
  const start = await readLocalHeader(source, entry);
  let size = 0;
  let checksum = 0;
  for await (const chunk of unpack(source, entry, start)) {
    size += chunk.length;
    if (size > entry.size) {
      throw damaged(source.name, `${showName(entry.name)} unpacks to more than ${entry.size} bytes`);
    }
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (size !== entry.size || checksum !== entry.crc32) {
    throw damaged(source.name, `the content of ${showName(entry.name)} does not match its size or checksum`);
  }
}

/**
 * Reads the start of the content. If the local header differs from the directory, two tools read two different
 * archives: such a zip is refused.
 */
async function readLocalHeader(source: ByteSource, entry: ZipEntry): Promise<number> {
  const name = Buffer.from(entry.writtenName);
  const header = await source.read(entry.start, Math.min(LOCAL.length + name.length, entry.end - entry.start));
  if (header.readUInt32LE(0) !== LOCAL.signature) {
    throw damaged(source.name, `the content of ${showName(entry.name)} is missing`);
  }
  const start = entry.start + LOCAL.length + header.readUInt16LE(26) + header.readUInt16LE(28);
  const flags = header.readUInt16LE(6);
  const agrees =
    header.readUInt16LE(26) === name.length &&
    header.subarray(LOCAL.length).equals(name) &&
    !hasFlag(flags, FLAGS.encrypted) &&
    header.readUInt16LE(8) === entry.method &&
    (hasFlag(flags, FLAGS.sizesFollow) || header.readUInt32LE(14) === entry.crc32);
  if (!agrees) {
    throw damaged(source.name, `${showName(entry.name)} has two headers that differ`);
  }
  if (start + entry.packedSize > entry.end) {
    throw damaged(source.name, `${showName(entry.name)} overlaps the next entry`);
  }
  return start;
}

function unpack(source: ByteSource, entry: ZipEntry, start: number): AsyncIterable<Buffer> {
  if (entry.method === METHODS.stored) {
    return source.stream(start, entry.packedSize);
  }
  return entry.packedSize <= ONE_PIECE_BYTES && entry.size <= ONE_PIECE_BYTES
    ? inflateOnce(source, entry, start)
    : inflateStream(source, entry, start);
}

async function* inflateOnce(source: ByteSource, entry: ZipEntry, start: number): AsyncGenerator<Buffer> {
  const packed = await source.read(start, entry.packedSize);
  try {
    yield inflateRawSync(packed, { maxOutputLength: entry.size + 1 });
  } catch (error) {
    throw explainZlib(source, entry, error);
  }
}

async function* inflateStream(source: ByteSource, entry: ZipEntry, start: number): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw();
  const feeding = pipeline(source.stream(start, entry.packedSize), inflater);
  feeding.catch(() => undefined); // the loop throws the same error
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } catch (error) {
    throw explainZlib(source, entry, error);
  } finally {
    inflater.destroy();
  }
}

function explainZlib(source: ByteSource, entry: ZipEntry, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const unpacking = code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
  return unpacking
    ? damaged(source.name, `the content of ${showName(entry.name)} can't be unpacked: ${message}`)
    : error;
}
