import { COVERAGE_DIRECTORY, REPORT_DIRECTORY } from './recipe';
import { isKnown } from '../validation';

/** The folder that becomes the package. */
export const NEW_PACKAGE_DIRECTORY = 'export PACKAGE_DIRECTORY=$(mktemp -d)';

/** The command that copies the source without what is no part of a package. */
export function copy(sourceDirectory: string, testDirectory: string, others: string[]): string {
  const never = [
    './.git',
    './.github',
    './cdk.out',
    'node_modules',
    '__pycache__',
    '*.pyc',
    `./${REPORT_DIRECTORY}`,
    `./${COVERAGE_DIRECTORY}`,
  ];
  const excluded = [...never.map(quote), ...tests(sourceDirectory, testDirectory), ...others.map(quote)];
  const excludes = excluded.map((name) => `--exclude=${name}`).join(' ');
  return `tar -C ${quote(sourceDirectory)} ${excludes} -cf - . | tar -C "$PACKAGE_DIRECTORY" -xf -`;
}

/** The tests as the source directory sees them, quoted; nothing when they are elsewhere. Directories that are known at deployment only are compared by the shell. */
function tests(sourceDirectory: string, testDirectory: string): string[] {
  if (!isKnown(sourceDirectory) || !isKnown(testDirectory)) {
    return [`"./$(${withoutDirectory(testDirectory, quote(sourceDirectory))})"`];
  }
  if (sourceDirectory === '.') {
    return [quote(`./${testDirectory}`)];
  }
  return testDirectory.startsWith(`${sourceDirectory}/`)
    ? [quote(`./${testDirectory.slice(sourceDirectory.length + 1)}`)]
    : [];
}

/** A command that writes the path as it is seen from the directory, or as it is when it is not in there. */
export function withoutDirectory(path: string, quotedDirectory: string): string {
  return `path=${quote(path)}; echo "\${path#${quotedDirectory}/}"`;
}

/** The directory of a file, quoted. A file that is known at deployment only is taken apart by the shell. */
export function directoryOf(file: string): string {
  if (!isKnown(file)) {
    return `"$(dirname ${quote(file)})"`;
  }
  return quote(file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.');
}

/** A command for a file or directory that need not be there unless the user named it. */
export function whenThere(
  test: '-f' | '-d',
  quoted: string,
  required: boolean,
  command: string,
  otherwise: string,
): string {
  return required
    ? command
    : `if [ ${test} ${quoted} ]; then ${command}; else echo "${otherwise.replace(/"/g, '')}"; fi`;
}

/** Paths are checked before they come here: quotes are for the spaces in them. */
export function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `"${path}"`;
}
