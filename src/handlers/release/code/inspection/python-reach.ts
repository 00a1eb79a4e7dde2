import * as path from 'node:path';
import { PackageFiles } from './package-files';
import { absolutePath } from './python-extension';
import { PythonImport, readPythonModule } from './python-module';

interface Reached {
  /** The paths of the modules that Python certainly imports, with slashes. */
  readonly modules: ReadonlySet<string>;
  /** The names of libraries that occur in a module which catches no errors. */
  readonly mentioned: ReadonlySet<string>;
}

/**
 * The modules that Python loads with the handler, those of libraries too, as far as the texts of the modules show. An
 * import in a function, or in a `try` that catches its error, leads nowhere.
 */
export class PythonReach {
  /** Read when it is needed: most packages load as they are. */
  private reached?: Promise<Reached>;

  /** `libraries` are the names of files to look for in the texts. */
  constructor(
    private readonly files: PackageFiles,
    private readonly handlerFile: string | undefined,
    private readonly libraries: readonly string[],
  ) {}

  /** Whether Python certainly imports the module with this path. */
  public async imports(module: string): Promise<boolean> {
    return (await this.read()).modules.has(module);
  }

  /** Whether a module loads a library by the name of its file, as with `ctypes.CDLL('libfast.so')`. */
  public async mentions(library: string): Promise<boolean> {
    return (await this.read()).mentioned.has(path.posix.basename(library));
  }

  private async read(): Promise<Reached> {
    this.reached ??= this.follow();
    return this.reached;
  }

  private async follow(): Promise<Reached> {
    const names = new Set(this.libraries.map((library) => path.posix.basename(library)));
    const modules = new Set<string>();
    const mentioned = new Set<string>();
    const seen = new Set<string>();
    const waiting = this.handlerFile === undefined ? [] : [...packagesOf(this.handlerFile), this.handlerFile];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const text = seen.has(file) ? undefined : await this.files.readSource(file);
      seen.add(file);
      if (text === undefined) {
        continue;
      }
      if (!/\btry\b/.test(text)) {
        [...names].filter((name) => text.includes(name)).forEach((name) => mentioned.add(name));
      }
      for (const each of readPythonModule(text).imports) {
        const imported = modulesOf(each, file);
        if (each.certain) {
          imported.forEach((module) => modules.add(module));
          waiting.push(...imported.flatMap((module) => [...packagesOf(`${module}/`), `${module}.py`]));
        } else if (!each.guarded && !each.deferred) {
          waiting.push(...imported.map((module) => `${module}/__init__.py`).filter((other) => isSibling(other, file)));
        }
      }
    }
    return { modules, mentioned };
  }
}

/** The paths of the modules that an import can name: `from a import b` names `a` and perhaps the module `a/b`. */
export function modulesOf({ module, names }: PythonImport, importer: string): string[] {
  const imported = absolutePath(module, importer);
  return [imported, ...names.map((name) => [...imported, name])]
    .map((each) => each.join('/'))
    .filter((each) => each !== '');
}

/** The files that Python runs before a module: `__init__.py` of each package that contains it. */
export function packagesOf(file: string): string[] {
  const folders = file.split('/').slice(0, -1);
  return folders.map((_, index) => `${folders.slice(0, index + 1).join('/')}/__init__.py`);
}

/** A library loads its own subpackages under conditions that are always true, as NumPy does. */
function isSibling(other: string, file: string): boolean {
  return file.includes('/') && other.startsWith(file.slice(0, file.indexOf('/') + 1));
}
