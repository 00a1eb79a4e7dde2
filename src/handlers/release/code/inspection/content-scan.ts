import { isElf } from './elf';
import { handlerFilesOf } from './handler-file';
import { isMachO } from './native-file';
import { Target } from './target';
import { ZipEntry } from '../zip/zip-entry';

const HEAD_BYTES = 64;
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';
const JAR = /^lib\/[^/]+\.jar$/;

/** Looks at each content while the release function reads it anyway, and remembers what needs a closer look. */
export class ContentScan {
  /** Programs and libraries. */
  public readonly natives: ZipEntry[] = [];
  /** Files whose content is in Git LFS. */
  public readonly lfsPointers: ZipEntry[] = [];
  /** Whether a jar contains the handler's class. */
  public hasHandlerClass = false;
  private readonly className?: Buffer;
  private current?: ZipEntry;
  private border = Buffer.alloc(0);

  constructor(target: Target) {
    this.className = target.family === 'java' ? Buffer.from(handlerFilesOf(target)[0]) : undefined;
  }

  /** Looks at the next chunk of a content. */
  public see(entry: ZipEntry, chunk: Buffer): void {
    if (entry !== this.current) {
      this.current = entry;
      this.border = Buffer.alloc(0);
      this.lookAtHead(entry, chunk.subarray(0, HEAD_BYTES));
    }
    if (this.className && !this.hasHandlerClass && JAR.test(entry.name)) {
      // The directory of a jar has the names as they are; a name may be at the border of two chunks.
      const joined = Buffer.concat([this.border, chunk]);
      this.hasHandlerClass = joined.includes(this.className);
      this.border = Buffer.from(joined.subarray(-this.className.length));
    }
  }

  private lookAtHead(entry: ZipEntry, head: Buffer): void {
    if (isElf(head) || isMachO(entry.name, head)) {
      this.natives.push(entry);
    } else if (head.toString('latin1').startsWith(LFS_POINTER) && entry.size < 1024) {
      this.lfsPointers.push(entry);
    }
  }
}
