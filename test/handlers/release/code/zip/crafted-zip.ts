import { crc32, deflateRawSync } from 'node:zlib';

/** An entry whose fields may say anything. */
export interface CraftedEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly checksum?: number;
  readonly size?: number;
  readonly packedSize?: number;
  /** The start of the local header that the directory names. */
  readonly start?: number;
  readonly disk?: number;
  readonly extra?: Buffer;
  /** Fields of the local header that differ from the directory. */
  readonly local?: {
    readonly name?: string;
    readonly method?: number;
    readonly flags?: number;
    readonly checksum?: number;
  };
}

/** Fields of the end record that may say anything. */
export interface CraftedEnd {
  readonly count?: number;
  readonly length?: number;
  readonly start?: number;
  readonly disk?: number;
  readonly comment?: string;
  /** Bytes between the directory and the end record. */
  readonly gap?: Buffer;
  /** Bytes before the first entry. */
  readonly before?: Buffer;
  /** Bytes after the end record. */
  readonly after?: Buffer;
}

/** Writes a zip that no other tool would write. */
export function craftZip(entries: readonly CraftedEntry[], end: CraftedEnd = {}): Buffer {
  const parts: Buffer[] = [end.before ?? Buffer.alloc(0)];
  const records: Buffer[] = [];
  let position = parts[0].length;
  for (const entry of entries) {
    const packed = pack(entry);
    const local = Buffer.concat([
      numbers([0x04034b50, 4]),
      fieldsOf(entry, packed, { ...entry, ...entry.local }),
      Buffer.from(entry.local?.name ?? entry.name),
      packed,
    ]);
    records.push(recordOf(entry, packed, position));
    parts.push(local);
    position += local.length;
  }
  const directory = Buffer.concat(records);
  const comment = Buffer.from(end.comment ?? '');
  const endRecord = numbers(
    [0x06054b50, 4],
    [end.disk ?? 0, 2],
    [end.disk ?? 0, 2],
    [end.count ?? entries.length, 2],
    [end.count ?? entries.length, 2],
    [end.length ?? directory.length, 4],
    [end.start ?? position, 4],
    [comment.length, 2],
  );
  const rest = [end.gap, endRecord, comment, end.after].map((part) => part ?? Buffer.alloc(0));
  return Buffer.concat([...parts, directory, ...rest]);
}

/** Numbers one after the other, each with its length in bytes, the lowest byte first. */
export function numbers(...fields: (readonly [value: number, length: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, length]) => {
      const bytes = Buffer.alloc(length);
      bytes.writeUIntLE(value % 2 ** (8 * Math.min(length, 6)), 0, Math.min(length, 6));
      return bytes;
    }),
  );
}

function pack({ content = 'text', method = 8 }: CraftedEntry): Buffer {
  return method === 8 ? deflateRawSync(content) : Buffer.from(content);
}

function recordOf(entry: CraftedEntry, packed: Buffer, position: number): Buffer {
  const { extra = Buffer.alloc(0), mode = 0o100644, start = position, disk = 0 } = entry;
  const fields = fieldsOf(entry, packed, entry);
  fields.writeUInt16LE(extra.length, 24);
  return Buffer.concat([
    numbers([0x02014b50, 4], [0x0314, 2]),
    fields,
    numbers([0, 2], [disk, 2], [0, 2], [mode * 0x10000, 4], [start, 4]),
    Buffer.from(entry.name),
    extra,
  ]);
}

function fieldsOf(entry: CraftedEntry, packed: Buffer, values: Omit<CraftedEntry, 'local'>): Buffer {
  const content = Buffer.from(entry.content ?? 'text');
  return numbers(
    [20, 2],
    [values.flags ?? 0x0800, 2],
    [values.method ?? 8, 2],
    [0, 2],
    [0x21, 2],
    [values.checksum ?? crc32(content), 4],
    [values.packedSize ?? packed.length, 4],
    [values.size ?? content.length, 4],
    [Buffer.byteLength(Buffer.from(values.name)), 2],
    [0, 2],
  );
}
