import { posix } from 'node:path';
import { configurationError } from '../base/failure';
import { ZipArchive } from '../code/zip/zip-archive';

const LISTED = 10;

/** The text of a file of the source. The error for a missing file names the files that could be meant. */
export async function readSourceFile(source: ZipArchive, path: string): Promise<string> {
  const name = posix.normalize(path);
  const entry = source.find(name);
  if (entry) {
    return source.readText(entry);
  }
  const names = source.entries.map((each) => each.name);
  throw configurationError(
    `The source does not contain ${name}; ${describeCandidates(names, name)}. ` +
      'Correct the path in the stack, or push the file.',
  );
}

/** Files of the same name in other directories, otherwise files of the same kind. */
function describeCandidates(names: string[], name: string): string {
  const same = names.filter((each) => posix.basename(each).toLowerCase() === posix.basename(name).toLowerCase());
  const pattern = name.endsWith('.json') ? /\.json$/ : /\.(ya?ml|json|template)$/;
  const candidates = same.length > 0 ? same : names.filter((each) => pattern.test(each));
  if (candidates.length === 0) {
    return `none of its ${names.length} files is of that kind`;
  }
  const rest = candidates.length > LISTED ? ` and ${candidates.length - LISTED} more` : '';
  return `it contains ${candidates.slice(0, LISTED).join(', ')}${rest}`;
}
