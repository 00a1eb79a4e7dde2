import { Target } from './target';
import { configurationError } from '../../base/failure';
import { FAMILIES } from '../../runtimes';
import { showName } from '../zip/refuse-entry';

const SHOWN_NAMES = 10;

/** What is needed to find the file of a handler. */
type HandlerTarget = Pick<Target, 'family' | 'handler'>;

/** Files that may contain the handler, the usual one first; none for an unknown runtime. */
export function handlerFilesOf({ family, handler }: HandlerTarget): string[] {
  return family ? FAMILIES[family].handlerFiles(handler) : [];
}

/** Fails if the package does not contain the handler's file: Lambda would accept it, and each invocation would fail. */
export function requireHandlerFile(target: Target, files: readonly string[]): void {
  const wanted = handlerFilesOf(target);
  if (target.hasLayers || wanted.length === 0 || files.some((file) => isHandlerFile(file, target))) {
    return;
  }
  const place = wanted[0].includes('/') ? 'in' : 'at the root of';
  throw configurationError(
    `The handler ${target.handler} needs ${wanted[0]} ${place} the package, but ${describeFound(target, files)}`,
  );
}

/** Compiled Python modules have the platform in their name: `app.cpython-313-x86_64-linux-gnu.so`. */
function isHandlerFile(file: string, target: HandlerTarget): boolean {
  const wanted = handlerFilesOf(target);
  if (wanted.includes(file)) {
    return true;
  }
  if (target.family === 'python') {
    return file.endsWith('.so') && file.startsWith(wanted[0].slice(0, -'py'.length));
  }
  // Node.js also takes a package of that name, or a folder with a package.json.
  const path = target.family === 'nodejs' ? wanted[0].slice(0, -'.js'.length) : undefined;
  return path !== undefined && (file.startsWith(`node_modules/${path}/`) || file === `${path}/package.json`);
}

/**
 * The folder in which the package begins if its zip was made outside of it, with its slash:
 * `zip -r app.zip ./Backend/src` puts everything into `Backend/src/`. Undefined if the handler is in its place, or if
 * files are outside of that folder.
 */
export function findFolderToStrip(target: HandlerTarget, files: readonly string[]): string | undefined {
  const wanted = handlerFilesOf(target);
  if (files.some((file) => isHandlerFile(file, target))) {
    return undefined;
  }
  const folders = files.flatMap((file) =>
    wanted.filter((name) => file.endsWith(`/${name}`)).map((name) => file.slice(0, -name.length)),
  );
  return folders.find((folder) => files.every((file) => file.startsWith(folder)));
}

function describeFound(target: Target, files: readonly string[]): string {
  const wanted = handlerFilesOf(target);
  const deeper = files.find((file) => wanted.some((name) => file.endsWith(`/${name}`)));
  if (!deeper) {
    return describeRoot(files);
  }
  const folder = deeper.slice(0, -wanted.find((name) => deeper.endsWith(`/${name}`))!.length - 1);
  return `the package contains ${showName(deeper)}. ${remedyForRoot(showName(folder), target)}`;
}

/** The package begins in a folder: who built it decides what to correct. */
function remedyForRoot(folder: string, { sourceDirectory }: Target): string {
  if (sourceDirectory === undefined) {
    return `Make the zip in that folder: (cd ${folder} && zip -r "$CODEBUILD_SRC_DIR/$ProjectName.zip" .)`;
  }
  const wanted = sourceDirectory === '.' ? folder : `${sourceDirectory}/${folder}`;
  return `Set buildProject.sourceDirectory: '${wanted}'.`;
}

function describeRoot(files: readonly string[]): string {
  const root = [...new Set(files.map((file) => file.replace(/\/.*/s, '/')))].sort();
  const rest = root.length > SHOWN_NAMES ? ` and ${root.length - SHOWN_NAMES} more` : '';
  const shown = root.slice(0, SHOWN_NAMES).map(showName).join(', ');
  return `its root contains: ${shown}${rest}. Correct the handler, or what the build packs.`;
}
