const MEBIBYTE = 1024 * 1024;

/**
 * What the release function reads. An artifact comes from a build, so nothing in it limits itself. The release
 * function has 512 MB of memory, and the largest package may use 60 % of them (`benchmarks/package.ts`).
 */
export const LIMITS = {
  /** Lambda requires less than this: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  unzippedBytes: 250 * MEBIBYTE,
  /** A package that is larger than this as a zip is larger than Lambda's limit when unzipped. */
  zippedBytes: 320 * MEBIBYTE,
  /** A file whose text the release function needs: the AppSpec, `imageDetail.json`, a template. */
  textBytes: MEBIBYTE,
  /** A source file that the release function parses; it does not look into a larger one. */
  parsedBytes: 2 * MEBIBYTE,
  entries: 131_072,
  /** The directory of a zip. */
  directoryBytes: 32 * MEBIBYTE,
  /** Linux has no longer paths, and no longer names in them. */
  pathBytes: 4096,
  nameBytes: 255,
} as const;

/** Describes a size for a message. */
export function megabytes(size: number): string {
  return `${Math.ceil(size / MEBIBYTE)} MB`;
}
