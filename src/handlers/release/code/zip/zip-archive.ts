import { jobFailed } from '../../base/failure';
import { ByteSource, collect } from '../bytes/byte-source';
import { LIMITS, megabytes } from '../limits';
import { damaged, showName } from './refuse-entry';
import { readContent } from './zip-content';
import { readDirectory } from './zip-directory';
import { isFolder, isLink, ZipEntry } from './zip-entry';

/** A zip whose contents are read one by one. */
export class ZipArchive {
  /** Opens a zip: reads its directory, and nothing else. */
  public static async open(source: ByteSource): Promise<ZipArchive> {
    return new ZipArchive(source, await readDirectory(source));
  }

  private readonly byName: ReadonlyMap<string, ZipEntry>;

  private constructor(
    public readonly source: ByteSource,
    public readonly entries: readonly ZipEntry[],
  ) {
    this.byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** The names of the files, without folders. */
  public get fileNames(): string[] {
    return this.entries.filter((entry) => !isFolder(entry)).map((entry) => entry.name);
  }

  public find(name: string): ZipEntry | undefined {
    return this.byName.get(name);
  }

  public content(entry: ZipEntry): AsyncGenerator<Buffer> {
    return readContent(this.source, entry);
  }

  /** The text of a file that the release function needs. */
  public async readText(entry: ZipEntry): Promise<string> {
    if (isLink(entry)) {
      throw jobFailed(`${this.source.name} contains ${showName(entry.name)} as a symbolic link. Pack the file itself.`);
    }
    if (entry.size > LIMITS.textBytes) {
      throw jobFailed(
        `${this.source.name} contains ${showName(entry.name)} with ${megabytes(entry.size)}. ` +
          `The release function reads text files of at most ${megabytes(LIMITS.textBytes)}.`,
      );
    }
    return (await collect(this.content(entry))).toString('utf8');
  }

  /** The target of a symbolic link. */
  public async readLink(entry: ZipEntry): Promise<string> {
    if (entry.size > LIMITS.pathBytes) {
      throw damaged(this.source.name, `the symbolic link ${showName(entry.name)} has a target of ${entry.size} bytes`);
    }
    return (await collect(this.content(entry))).toString('utf8');
  }
}
