import { configurationError } from '../base/failure';

/** Where Lambda looks for the code of a handler. */
export interface HandlerPlace {
  readonly handler: string;
  readonly runtime: string;
  /** Layers may hold the file, and then nothing can be said about the package. */
  readonly hasLayers: boolean;
}

/** Files that a handler may be in, the usual one first; empty for runtimes whose packages are not looked into. */
export function handlerFiles(handler: string, runtime: string): string[] {
  if (runtime.startsWith('python')) {
    const path = handler.slice(0, handler.lastIndexOf('.')).replaceAll('.', '/');
    return [`${path}.py`, `${path}/__init__.py`, `${path}.pyc`, `${path}.so`];
  }
  if (runtime.startsWith('nodejs')) {
    return ['.js', '.mjs', '.cjs', ''].map((extension) => nodeModule(handler) + extension);
  }
  if (runtime.startsWith('ruby')) {
    return [`${handler.split('.')[0]}.rb`];
  }
  if (runtime.startsWith('provided')) {
    return ['bootstrap'];
  }
  return [];
}

/** `src/app.handler` is in the module `src/app`. */
function nodeModule(handler: string): string {
  const folder = handler.slice(0, handler.lastIndexOf('/') + 1);
  return folder + handler.slice(folder.length).split('.')[0];
}

/** Fails when the package does not hold the handler's file: Lambda would take the package, and then fail each invocation. */
export function requireHandlerFile({ handler, runtime, hasLayers }: HandlerPlace, files: string[]): void {
  const wanted = handlerFiles(handler, runtime);
  if (hasLayers || wanted.length === 0 || files.some((file) => isHandlerFile(file, wanted))) {
    return;
  }
  const place = wanted[0].includes('/') ? 'in' : 'at the root of';
  throw configurationError(
    `the handler ${handler} needs ${wanted[0]} ${place} the package; ${describeFound(wanted, files)}`,
  );
}

/** Compiled Python modules carry the platform in their name: `app.cpython-313-x86_64-linux-gnu.so`. */
function isHandlerFile(file: string, wanted: string[]): boolean {
  if (wanted.includes(file)) {
    return true;
  }
  return (
    wanted.length > 0 && wanted[0].endsWith('.py') && file.endsWith('.so') && file.startsWith(wanted[0].slice(0, -2))
  );
}

/**
 * The folder in which the package begins when its zip was made from outside of it, with its slash: `zip -r app.zip ./Backend/src` puts
 * everything into `Backend/src/`. Undefined when the handler is at its place, or when files stand outside of that folder.
 */
export function findFolderToStrip({ handler, runtime }: HandlerPlace, files: string[]): string | undefined {
  const wanted = handlerFiles(handler, runtime);
  if (files.some((file) => isHandlerFile(file, wanted))) {
    return undefined;
  }
  const folders = files.flatMap((file) =>
    wanted.filter((name) => file.endsWith(`/${name}`)).map((name) => file.slice(0, -name.length)),
  );
  return folders.find((folder) => files.every((file) => file.startsWith(folder)));
}

function describeFound(wanted: string[], files: string[]): string {
  const deeper = files.find((file) => wanted.some((name) => name !== '' && file.endsWith(`/${name}`)));
  if (deeper) {
    const folder = deeper.slice(0, deeper.length - wanted.find((name) => deeper.endsWith(`/${name}`))!.length - 1);
    return (
      `found ${deeper}: the zip's root is not the package's root. Make the zip inside of that folder: ` +
      `(cd ${folder} && zip -r "$CODEBUILD_SRC_DIR/$ProjectName.zip" .)`
    );
  }
  const root = [...new Set(files.map((file) => file.replace(/\/.*/, '/')))].sort();
  const rest = root.length > 10 ? ` and ${root.length - 10} more` : '';
  return `found at the root: ${root.slice(0, 10).join(', ')}${rest}. Correct the handler, or what the build packs.`;
}
