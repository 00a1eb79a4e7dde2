import { createCipheriv } from 'node:crypto';
import * as fs from 'node:fs';
import { TemporaryFile } from '../../src/handlers/release/code/bytes/temporary-file';
import { ZipSink, ZipWriter } from '../../src/handlers/release/code/zip/zip-writer';

/** How a build hands over its package. */
export type Layout = keyof typeof LAYOUTS;

const MEGABYTE = 1024 * 1024;
const HANDLER = 'def handler(event, context): pass\n';

export const LAYOUTS = {
  "a recipe's zip": { inner: true, rewritten: false, files: 65_535, megabytes: 250, folder: '' },
  "a build specification's zip, written again": {
    inner: true,
    rewritten: true,
    files: 65_535,
    megabytes: 250,
    folder: '',
  },
  "a build specification's files, written again": {
    inner: false,
    rewritten: true,
    files: 65_535,
    megabytes: 250,
    folder: '',
  },
  // As many entries, and as long a directory, as the release function accepts
  'the most entries and the longest paths, written again': {
    inner: true,
    rewritten: true,
    files: 131_072,
    megabytes: 200,
    folder: 'long/'.repeat(23),
  },
} as const;

/** Writes the output of a build with the largest package: many small files, and large files that do not compress. */
export async function writeArtifact(layout: Layout, file: string): Promise<{ files: number; bytes: number }> {
  const { inner, rewritten, files } = LAYOUTS[layout];
  const sink = fileSink(file);
  const artifact = new ZipWriter(sink);
  const packed = inner ? new TemporaryFile('package') : undefined;
  const writer = packed ? new ZipWriter(packed) : artifact;
  let bytes = 0;
  for (const [name, content] of contents(layout)) {
    writer.add({ name, mode: rewritten ? 0o100664 : 0o100644, content });
    bytes += content.length;
  }
  writer.finish();
  if (packed) {
    await artifact.addStream('inventory.zip', 0o100644, packed.stream(0, packed.size));
    artifact.finish();
    packed.close();
  }
  sink.close();
  return { files, bytes };
}

/** Sorted, with paths as long as those of real packages. */
function* contents(layout: Layout): Generator<[name: string, content: Buffer]> {
  const { files, megabytes, folder } = LAYOUTS[layout];
  yield ['app.py', Buffer.from(HANDLER)];
  const large = 500;
  const small = files - large - 1;
  const line = 'value = "the text of a module that compresses as most modules do"\n';
  const text = Buffer.from(line.repeat(files > 100_000 ? 4 : 16));
  let left = megabytes * MEGABYTE - 1 - HANDLER.length; // 250 MB are one byte too many for Lambda
  for (let index = 0; index < small; index++) {
    const number = String(index).padStart(5, '0');
    yield [
      `${folder}library_${number.slice(0, 2)}/with_a_subpackage/and_another_one/module_with_a_usual_name_${number}.py`,
      text,
    ];
    left -= text.length;
  }
  for (let index = 0; index < large; index++) {
    const size = index === large - 1 ? left : index === 0 ? 60 * MEGABYTE : Math.floor(left / (large - index));
    yield [`z/data_${String(index).padStart(5, '0')}.bin`, noise(index, size)];
    left -= size;
  }
}

/** Bytes that do not compress, the same in each run. The first file is a library. */
function noise(seed: number, size: number): Buffer {
  const key = Buffer.alloc(16, seed % 256);
  const bytes = createCipheriv('aes-128-ctr', key, Buffer.alloc(16, Math.floor(seed / 256))).update(Buffer.alloc(size));
  return seed === 0 ? Buffer.concat([library(), bytes.subarray(library().length)]) : bytes;
}

/** The header of a library for x86_64 that ends with its dynamic segment: its reader has to find the end of the file. */
function library(): Buffer {
  const header = Buffer.from('7f454c46020101000000000000000000' + '03003e0001000000', 'hex');
  const rest = Buffer.alloc(64 - header.length + 56);
  rest.writeBigUInt64LE(64n, 32 - header.length);
  rest.writeUInt16LE(56, 54 - header.length);
  rest.writeUInt16LE(1, 56 - header.length);
  rest.writeUInt32LE(2, 64 - header.length);
  rest.writeBigUInt64LE(BigInt(60 * MEGABYTE - 32), 64 - header.length + 8);
  rest.writeBigUInt64LE(32n, 64 - header.length + 32);
  return Buffer.concat([header, rest]);
}

function fileSink(file: string): ZipSink & { close(): void } {
  const descriptor = fs.openSync(file, 'w');
  let size = 0;
  return {
    get size() {
      return size;
    },
    append: (bytes) => {
      fs.writeSync(descriptor, bytes, 0, bytes.length, size);
      size += bytes.length;
    },
    overwrite: (position, bytes) => {
      fs.writeSync(descriptor, bytes, 0, bytes.length, position);
    },
    close: () => fs.closeSync(descriptor),
  };
}
