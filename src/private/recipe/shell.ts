import { REPORT_DIRECTORY } from './recipe';

/** The folder that becomes the package. */
export const NEW_PACKAGE_DIRECTORY = 'export PACKAGE_DIRECTORY=$(mktemp -d)';

/** The command that copies the source without what is no part of a package. */
export function copy(sourceDirectory: string, testDirectory: string, others: string[]): string {
  const inside = relativeTo(sourceDirectory, testDirectory);
  const excluded = ['./.git', './.github', './cdk.out', 'node_modules', '__pycache__', '*.pyc', `./${REPORT_DIRECTORY}`, ...(inside ? [`./${inside}`] : []), ...others];
  const excludes = excluded.map((name) => `--exclude=${quote(name)}`).join(' ');
  return `tar -C ${quote(sourceDirectory)} ${excludes} -cf - . | tar -C "$PACKAGE_DIRECTORY" -xf -`;
}

function relativeTo(directory: string, path: string): string | undefined {
  if (directory === '.') {
    return path;
  }
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}

/** A command for a file or directory that need not be there unless the user named it. */
export function whenThere(test: '-f' | '-d', quoted: string, required: boolean, command: string, otherwise: string): string {
  return required ? command : `if [ ${test} ${quoted} ]; then ${command}; else echo "${otherwise.replace(/"/g, '')}"; fi`;
}

/** Paths are checked before they come here: quotes are for the spaces in them. */
export function quote(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `"${path}"`;
}
