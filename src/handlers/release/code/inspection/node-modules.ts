import * as path from 'node:path';
import { JavaScriptModule, readJavaScriptModule } from './javascript-module';
import { foldersOf, nearestNodePackage } from './node-package';
import { PackageFiles } from './package-files';

/** A module of the user's own that the runtime loads. */
export interface LoadedModule extends JavaScriptModule {
  readonly file: string;
  /** What its name or `package.json` says; `undeclared` is CommonJS, unless the runtime looks at the content. */
  readonly kind: 'module' | 'commonjs' | 'undeclared';
}

const REQUIRED_ENDINGS = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node', '/package.json'];

/** The modules that are loaded with the handler, as far as relative imports lead to them. */
export async function loadModules(files: PackageFiles, handlerFile: string): Promise<LoadedModule[]> {
  const loaded = new Map<string, LoadedModule>();
  const waiting = [handlerFile];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text =
      loaded.has(file) || !/(\.[cm]?js|\/[^./]+|^[^./]+)$/.test(file) ? undefined : await files.readSource(file);
    if (text !== undefined) {
      const module = { ...readJavaScriptModule(text), file, kind: await kindOf(files, file) };
      loaded.set(file, module);
      waiting.push(...module.imports.flatMap(({ specifier }) => findRelative(files, module, specifier) ?? []));
    }
  }
  return [...loaded.values()];
}

async function kindOf(files: PackageFiles, file: string): Promise<LoadedModule['kind']> {
  if (/\.[cm]js$/.test(file)) {
    return file.endsWith('.mjs') ? 'module' : 'commonjs';
  }
  const type = (await nearestNodePackage(files, file))?.type;
  return type === 'module' || type === 'commonjs' ? type : 'undeclared';
}

export function isEsModule({ kind, hasDeclarations }: LoadedModule): boolean {
  return kind === 'module' || (kind === 'undeclared' && hasDeclarations);
}

/** The file that a relative import loads; undefined if it names a package, or nothing in the package. */
export function findRelative(files: PackageFiles, module: LoadedModule, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    return undefined;
  }
  const base = path.posix.join(path.posix.dirname(module.file), specifier).replace(/\/$/, '');
  const endings = isEsModule(module) ? [''] : REQUIRED_ENDINGS;
  return endings.map((ending) => path.posix.normalize(base + ending)).find((file) => files.has(file));
}

/** The name of the package in an import. */
export function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of a package as Node.js finds it from a file. */
export function findInstalled(files: PackageFiles, file: string, name: string): string | undefined {
  return foldersOf(file)
    .map((folder) => path.posix.join(folder, 'node_modules', name))
    .find((place) => files.hasFolder(place) || files.has(place) || files.has(`${place}.js`));
}
