/** An entry of a zip's directory. */
export interface ZipEntry {
  /** The path, without `.` and empty segments. A folder ends with a slash. */
  readonly name: string;
  /** The path as it is in the zip. */
  readonly writtenName: string;
  /** The Unix mode with the kind of the file; 0 if the zip has none. */
  readonly mode: number;
  /** The unpacked size. */
  readonly size: number;
  readonly packedSize: number;
  readonly crc32: number;
  readonly method: number;
  readonly flags: number;
  /** The start of the local header. */
  readonly start: number;
  /** The start of the next entry or of the directory: the content ends before. */
  readonly end: number;
  /** Whether nothing in the entry depends on the time or the machine of the build. */
  readonly reproducible: boolean;
}

export function isFolder({ name }: ZipEntry): boolean {
  return name.endsWith('/');
}

export function isLink({ mode }: ZipEntry): boolean {
  return kindOf(mode) === 0o12;
}

/** The kind of the file: the upper bits of a Unix mode. */
export function kindOf(mode: number): number {
  return Math.floor(mode / 0o10000);
}
