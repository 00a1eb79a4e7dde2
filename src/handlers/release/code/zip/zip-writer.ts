import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';
import {
  CENTRAL,
  END,
  END64,
  END64_LOCATOR,
  FIRST_DAY,
  FLAGS,
  IN_ZIP64,
  LOCAL,
  MADE_ON_UNIX,
  METHODS,
  VERSION,
  VERSION_ZIP64,
} from './zip-format';

/** What a zip is written to. */
export interface ZipSink {
  readonly size: number;
  append(bytes: Buffer): void;
  /** Overwrites bytes that were appended before. */
  overwrite(position: number, bytes: Buffer): void;
}

/** A file whose content fits into the memory. */
export interface ZipFile {
  readonly name: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** The position of the checksum, which the sizes follow, in a local header. */
const CHECKSUM_OFFSET = 14;
const LOCAL_START = uint32(LOCAL.signature);
const CENTRAL_START = Buffer.concat([uint32(CENTRAL.signature), uint16(MADE_ON_UNIX + VERSION)]);
/** Many packages have thousands of empty `__init__.py`. */
const DEFLATED_NOTHING = deflateRawSync(Buffer.alloc(0));

/** An entry that was written, for the directory. */
interface WrittenEntry extends Sizes {
  readonly name: string;
  readonly mode: number;
  readonly start: number;
}

/** The directory is written in pieces of this many entries. */
const ENTRIES_AT_A_TIME = 4096;

/** Writes a zip that depends on names, modes and contents alone, so that the same package has the same bytes. */
export class ZipWriter {
  /** Without their bytes: small buffers would keep the memory around them. */
  private readonly entries: WrittenEntry[] = [];

  constructor(private readonly sink: ZipSink) {}

  public add({ name, mode, content }: ZipFile): void {
    const packed = content.length === 0 ? DEFLATED_NOTHING : deflateRawSync(content);
    const sizes = { checksum: crc32(content), packedSize: packed.length, size: content.length };
    this.entries.push({ name, mode, ...sizes, start: this.sink.size });
    this.sink.append(Buffer.concat([LOCAL_START, renderFields(name, sizes), Buffer.from(name), packed]));
  }

  /** Adds a file that need not fit into the memory. Its sizes are written when they are known. */
  public async addStream(name: string, mode: number, content: AsyncIterable<Buffer>): Promise<void> {
    const start = this.sink.size;
    const unknown = renderFields(name, { checksum: 0, packedSize: 0, size: 0 });
    this.sink.append(Buffer.concat([LOCAL_START, unknown, Buffer.from(name)]));
    const sizes = await this.deflate(content);
    this.sink.overwrite(start + CHECKSUM_OFFSET, renderFields(name, sizes).subarray(CHECKSUM_OFFSET - 4));
    this.entries.push({ name, mode, ...sizes, start });
  }

  public finish(): void {
    const start = this.sink.size;
    for (let index = 0; index < this.entries.length; index += ENTRIES_AT_A_TIME) {
      this.sink.append(Buffer.concat(this.entries.slice(index, index + ENTRIES_AT_A_TIME).map(renderRecord)));
    }
    this.sink.append(renderEnd(this.entries.length, start, this.sink.size));
  }

  private async deflate(content: AsyncIterable<Buffer>): Promise<Sizes> {
    const start = this.sink.size;
    let checksum = 0;
    let size = 0;
    const measured = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of content) {
        checksum = crc32(chunk, checksum);
        size += chunk.length;
        yield chunk;
      }
    };
    await pipeline(measured, createDeflateRaw(), async (packed: AsyncIterable<Buffer>) => {
      for await (const chunk of packed) {
        this.sink.append(chunk);
      }
    });
    return { checksum, size, packedSize: this.sink.size - start };
  }
}

/** Writes a small zip into the memory. */
export function writeZip(files: Iterable<ZipFile>): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  const writer = new ZipWriter({
    get size() {
      return size;
    },
    append: (bytes) => {
      chunks.push(bytes);
      size += bytes.length;
    },
    overwrite: () => {
      throw new Error('only files that fit into the memory');
    },
  });
  for (const file of files) {
    writer.add(file);
  }
  writer.finish();
  return Buffer.concat(chunks);
}

interface Sizes {
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
}

/** The fields that the local header and the record of the directory have in common. */
function renderFields(name: string, { checksum, packedSize, size }: Sizes): Buffer {
  const fields = Buffer.alloc(26); // without an extra field: its length stays 0
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(FLAGS.utf8, 2);
  fields.writeUInt16LE(METHODS.deflated, 4);
  fields.writeUInt16LE(FIRST_DAY, 8);
  fields.writeUInt32LE(checksum, 10);
  fields.writeUInt32LE(packedSize, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

function renderRecord({ name, mode, start, ...sizes }: WrittenEntry): Buffer {
  const rest = Buffer.alloc(14); // no comment, the first part, no internal attributes
  rest.writeUInt32LE(mode * 0x10000, 6);
  rest.writeUInt32LE(start, 10);
  return Buffer.concat([CENTRAL_START, renderFields(name, sizes), rest, Buffer.from(name)]);
}

/** The end record, with a ZIP64 record before it when the number of entries does not fit. */
function renderEnd(count: number, start: number, end: number): Buffer {
  const length = end - start;
  const counted = Math.min(count, IN_ZIP64.uint16);
  return Buffer.concat([
    ...(count > IN_ZIP64.uint16 ? [renderEnd64(count, start, end)] : []),
    uint32(END.signature),
    uint32(0),
    uint16(counted),
    uint16(counted),
    uint32(length),
    uint32(start),
    uint16(0),
  ]);
}

function renderEnd64(count: number, start: number, end: number): Buffer {
  return Buffer.concat([
    uint32(END64.signature),
    uint64(END64.length - 12), // the length of the rest
    uint16(MADE_ON_UNIX + VERSION_ZIP64),
    uint16(VERSION_ZIP64),
    uint64(0), // the first and only part
    uint64(count),
    uint64(count),
    uint64(end - start),
    uint64(start),
    uint32(END64_LOCATOR.signature),
    uint32(0),
    uint64(end),
    uint32(1),
  ]);
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

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
