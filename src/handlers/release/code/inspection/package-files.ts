import { collect } from '../bytes/byte-source';
import { LIMITS } from '../limits';
import { ReadBytes } from './elf';
import { ZipArchive } from '../zip/zip-archive';
import { isFolder, isLink, ZipEntry } from '../zip/zip-entry';

/** Up to this size a file is unpacked once; a larger one again for each piece of it that is read. */
const ONE_PIECE_BYTES = 16 * 1024 * 1024;

/** The files of a package, under their paths in the package. */
export class PackageFiles {
  public readonly entries: readonly ZipEntry[];
  private readonly byName: ReadonlyMap<string, ZipEntry>;
  private folders?: ReadonlySet<string>;

  /** Entries may have other names than in the archive: the files of a folder that was made the root. */
  constructor(
    public readonly archive: ZipArchive,
    entries: readonly ZipEntry[],
  ) {
    this.entries = entries.filter((entry) => !isFolder(entry));
    this.byName = new Map(this.entries.map((entry) => [entry.name, entry]));
  }

  public get names(): string[] {
    return this.entries.map((entry) => entry.name);
  }

  public get size(): number {
    return this.entries.reduce((sum, entry) => sum + entry.size, 0);
  }

  public find(name: string): ZipEntry | undefined {
    return this.byName.get(name);
  }

  public has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Whether a folder with this path (without its last slash) contains files. */
  public hasFolder(path: string): boolean {
    this.folders ??= new Set(this.entries.flatMap(({ name }) => foldersOf(name)));
    return this.folders.has(path);
  }

  /** The text of a source file; undefined if there is none, or none that the release function parses. */
  public async readSource(name: string): Promise<string | undefined> {
    const entry = this.byName.get(name);
    if (!entry || isLink(entry) || entry.size > LIMITS.parsedBytes) {
      return undefined;
    }
    return (await collect(this.archive.content(entry))).toString('utf8');
  }

  /** Reads pieces of a file that need not fit into the memory. */
  public async readerOf(entry: ZipEntry): Promise<ReadBytes> {
    if (entry.size <= ONE_PIECE_BYTES) {
      const content = await collect(this.archive.content(entry));
      return async (start, length) => content.subarray(start, start + length);
    }
    return (start, length) => this.readPiece(entry, start, length);
  }

  private async readPiece(entry: ZipEntry, start: number, length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let position = 0;
    for await (const chunk of this.archive.content(entry)) {
      const piece = chunk.subarray(Math.max(0, start - position), Math.max(0, start + length - position));
      pieces.push(Buffer.from(piece)); // a copy, so that the chunk can be released
      position += chunk.length;
      if (position >= start + length) {
        break;
      }
    }
    return Buffer.concat(pieces);
  }
}

function foldersOf(name: string): string[] {
  const folders: string[] = [];
  for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
    folders.push(name.slice(0, slash));
  }
  return folders;
}
