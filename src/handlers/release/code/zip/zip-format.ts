// The zip format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

/** Signatures, and the lengths of the records without their variable fields. */
export const LOCAL = { signature: 0x04034b50, length: 30 };
export const CENTRAL = { signature: 0x02014b50, length: 46 };
export const END = { signature: 0x06054b50, length: 22 };
export const END64 = { signature: 0x06064b50, length: 56 };
export const END64_LOCATOR = { signature: 0x07064b50, length: 20 };

/** Values of fields that say: the field of the ZIP64 extension has the number. */
export const IN_ZIP64 = { uint16: 0xffff, uint32: 0xffffffff };
export const ZIP64_EXTRA_ID = 1;

export const METHODS = { stored: 0, deflated: 8 };
export const FLAGS = {
  encrypted: 0x0001,
  /** The sizes follow the content; the local header does not have them. */
  sizesFollow: 0x0008,
  patch: 0x0020,
  stronglyEncrypted: 0x0040,
  utf8: 0x0800,
  maskedHeader: 0x2000,
};

/** 1980-01-01, the first day that the format knows. */
export const FIRST_DAY = 0x21;
/** The version of the format with deflated entries, and the version with ZIP64. */
export const VERSION = 20;
export const VERSION_ZIP64 = 45;
export const MADE_ON_UNIX = 0x0300;

/** The kinds of files in the upper bits of a Unix mode. */
export const FILE_KINDS: Readonly<Record<number, string>> = {
  0o01: 'a named pipe',
  0o02: 'a character device',
  0o04: 'a folder',
  0o06: 'a block device',
  0o10: 'a file',
  0o12: 'a symbolic link',
  0o14: 'a socket',
};

/** Whether a field of flags has this one. */
export function hasFlag(flags: number, flag: number): boolean {
  return Math.floor(flags / flag) % 2 === 1;
}
