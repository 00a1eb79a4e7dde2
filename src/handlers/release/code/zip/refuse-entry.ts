import { jobFailed, ReleaseFailure } from '../../base/failure';
import { LIMITS } from '../limits';
import { isFolder, kindOf, ZipEntry } from './zip-entry';
import { FILE_KINDS, FLAGS, hasFlag, METHODS } from './zip-format';

const SHOWN_CHARACTERS = 150;
/** Control characters, and marks that change the direction of the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Shows a name from an archive in a message: on one line, and not longer than a line. */
export function showName(name: string): string {
  const short = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name;
  return short.replace(INVISIBLE, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}

/** The failure for an archive that is not as the format says. */
export function damaged(archive: string, what: string): ReleaseFailure {
  return jobFailed(`${archive} is damaged or not a zip: ${what}. Build the artifact again.`);
}

/** The failure for an entry that the release function does not accept. */
export function refused(archive: string, name: string, found: string, remedy: string): ReleaseFailure {
  return jobFailed(`${archive} contains ${showName(name)}, ${found}. ${remedy}.`);
}

/** Reads the name of an entry. Refuses a name that leads out of the folder, or is another one on Linux. */
export function readEntryName(archive: string, bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (!Buffer.from(name, 'utf8').equals(bytes)) {
    throw refused(archive, name, 'a name that is not UTF-8', 'Rename the file, or pack it with another tool');
  }
  const problem = problemOfName(name);
  if (problem) {
    throw refused(archive, name, problem, 'Pack files by their path relative to the folder of the package');
  }
  return name;
}

function problemOfName(name: string): string | undefined {
  const segments = name.split('/');
  if (name === '' || name.includes('\0')) {
    return 'an invalid name';
  }
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) {
    return 'an absolute path';
  }
  if (name.includes('\\')) {
    return 'a path with a backslash, which is a part of the name on Linux';
  }
  if (segments.includes('..')) {
    return 'a path that leads out of the folder';
  }
  if (Buffer.byteLength(name) > LIMITS.pathBytes) {
    return `a path of more than ${LIMITS.pathBytes} bytes`;
  }
  return segments.some((segment) => Buffer.byteLength(segment) > LIMITS.nameBytes)
    ? `a name of more than ${LIMITS.nameBytes} bytes`
    : undefined;
}

/** Refuses an entry that Lambda cannot unpack, or that is no file, folder or link. */
export function refuseEntry(archive: string, entry: ZipEntry): void {
  const { name, flags, method, mode } = entry;
  if ([FLAGS.encrypted, FLAGS.stronglyEncrypted, FLAGS.maskedHeader].some((flag) => hasFlag(flags, flag))) {
    throw refused(archive, name, 'which is encrypted', 'Pack it without a password');
  }
  if (hasFlag(flags, FLAGS.patch) || (method !== METHODS.stored && method !== METHODS.deflated)) {
    throw refused(
      archive,
      name,
      `which is compressed with method ${method}`,
      'Store or deflate it: Lambda unpacks no other method',
    );
  }
  const kind = kindOf(mode);
  const expected = isFolder(entry) ? kind === 0o04 : kind === 0o10 || kind === 0o12;
  if (kind !== 0 && !expected) {
    const what = FILE_KINDS[kind] ?? `of the unknown kind ${kind.toString(8)}`;
    const found = kind === 0o04 || isFolder(entry) ? `whose name does not fit its kind (${what})` : `which is ${what}`;
    throw refused(archive, name, found, 'Omit it from the archive');
  }
  if (method === METHODS.stored && entry.size !== entry.packedSize) {
    throw damaged(archive, `${showName(name)} has two sizes`);
  }
}

/** Refuses two entries with one name, and a file that is also used as a folder. */
export function refuseDuplicates(archive: string, entries: readonly ZipEntry[]): void {
  const paths = new Set<string>();
  for (const { name } of entries) {
    if (paths.has(name)) {
      throw refused(archive, name, 'twice', 'Pack each file once');
    }
    paths.add(name);
  }
  for (const entry of entries) {
    const path = entry.name.replace(/\/$/, '');
    if (isFolder(entry) && paths.has(path)) {
      throw refused(archive, path, 'as a file and as a folder', 'Pack it as one of them');
    }
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      if (paths.has(path.slice(0, slash))) {
        throw refused(archive, path.slice(0, slash), 'as a file and as a folder', 'Pack it as one of them');
      }
    }
  }
}

/** Refuses a symbolic link, unless it points to something in the package: Lambda unpacks such a link. */
export function refuseLink(archive: string, name: string, target: string, exists: (path: string) => boolean): void {
  const path = resolveLink(name, target);
  if (path !== undefined && exists(path)) {
    return;
  }
  const found = path === undefined ? 'leads out of the package' : 'the package does not contain';
  throw refused(
    archive,
    name,
    `a symbolic link to ${showName(target)}, which ${found}`,
    'Pack the file itself: zip follows links unless it is called with -y',
  );
}

/** The path that a link points to; undefined if it may be outside of the package. */
function resolveLink(name: string, target: string): string | undefined {
  const [, up, path] = /^((?:\.\.?\/+)*(?:\.\.?$)?)(.*)$/s.exec(target)!;
  const levels = up.split('/').filter((segment) => segment === '..').length;
  const folder = name.split('/').slice(0, -1);
  const below = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (target === '' || path.startsWith('/') || below.includes('..') || levels > folder.length) {
    return undefined;
  }
  return [...folder.slice(0, folder.length - levels), ...below].join('/');
}
