import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ByteSource } from './byte-source';

const CHUNK_BYTES = 1024 * 1024;

/**
 * A file without a name: the system deletes its content when the process closes the file or ends, so that a run that
 * was killed leaves nothing in `/tmp` of an execution environment that Lambda reuses.
 */
export class TemporaryFile implements ByteSource {
  private readonly descriptor: number;
  private length = 0;

  constructor(public readonly name: string) {
    const file = path.join(tmpdir(), `release-${randomUUID()}`);
    this.descriptor = fs.openSync(file, 'wx+', 0o600);
    fs.unlinkSync(file);
  }

  public get size(): number {
    return this.length;
  }

  public append(bytes: Buffer): void {
    this.writeAt(this.length, bytes);
    this.length += bytes.length;
  }

  /** Overwrites bytes that were appended before. */
  public overwrite(position: number, bytes: Buffer): void {
    this.writeAt(position, bytes);
  }

  public async read(start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length;) {
      const count = fs.readSync(this.descriptor, bytes, filled, length - filled, start + filled);
      if (count === 0) {
        throw new Error(`${this.name} ends at byte ${start + filled}`);
      }
      filled += count;
    }
    return bytes;
  }

  public async *stream(start: number, length: number): AsyncIterable<Buffer> {
    for (let position = start; position < start + length; position += CHUNK_BYTES) {
      yield await this.read(position, Math.min(CHUNK_BYTES, start + length - position));
    }
  }

  public close(): void {
    fs.closeSync(this.descriptor);
  }

  private writeAt(position: number, bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) {
      written += fs.writeSync(this.descriptor, bytes, written, bytes.length - written, position + written);
    }
  }
}
