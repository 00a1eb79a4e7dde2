/** Bytes that are read piece by piece, so that they never have to fit into the memory. */
export interface ByteSource {
  /** The place of the bytes, for messages. */
  readonly name: string;
  readonly size: number;
  /** Reads exactly this many bytes; only for pieces that fit into the memory. */
  read(start: number, length: number): Promise<Buffer>;
  /** Reads the bytes chunk by chunk. */
  stream(start: number, length: number): AsyncIterable<Buffer>;
}

/** Collects a stream whose length is known to fit into the memory. */
export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const collected: Buffer[] = [];
  for await (const chunk of chunks) {
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}
