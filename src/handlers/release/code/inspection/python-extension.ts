import { PackageFiles } from './package-files';
import { PythonImport, readPythonModule } from './python-module';

/** A compiled Python module, as the name of its file says. */
export interface PythonExtension {
  /** The path of the module, with slashes. */
  readonly module: string;
  /** For example `313` for CPython 3.13; undefined if every version loads it. */
  readonly version?: string;
  /** For example `x86_64-linux-gnu`; undefined if the name does not say. */
  readonly platform?: string;
}

const NAME = /^(.*?)(?:\.cpython-(\d+\w*?)(?:-([\w-]+))?|\.abi3)?\.so$/;
/** Folders with the tests of a library, and with the libraries that a wheel brings. */
const NO_MODULES = /(^|\/)(tests?|testing)\/|\.libs\//;

/** Reads the name of a file; undefined if Python can't import the file. */
export function readExtensionName(file: string): PythonExtension | undefined {
  const [, module, version, platform] = NAME.exec(file) ?? [];
  const importable = module !== undefined && module.split('/').every((name) => /^[A-Za-z_]\w*$/.test(name));
  return importable && !NO_MODULES.test(file) ? { module, version, platform } : undefined;
}

/** How a package uses a compiled module. */
export type ModuleUse =
  /** Some module imports it, and can't do without. */
  | 'needed'
  /** Every import has a substitute, as in `try: from ._fast import f`, `except ImportError: from ._slow import f`. */
  | 'optional'
  /** Nothing imports it by its name. */
  | 'unknown';

/** An import of one module by another. */
interface Importer extends Pick<PythonImport, 'certain' | 'guarded'> {
  readonly file: string;
}

const IMPORT_STATEMENT = /^[ \t]*(?:from[ \t][^\n]*?import[ \t]*(?:\([^)]*\)|[^\n]*)|import[ \t][^\n]*)/gm;

/** Finds the imports of compiled modules in the Python modules of a package. */
export class PythonImports {
  /** The files whose import statements contain a name. Made when it is needed: most packages load as they are. */
  private index?: Promise<ReadonlyMap<string, readonly string[]>>;
  private readonly parsed = new Map<string, readonly PythonImport[]>();

  constructor(private readonly files: PackageFiles) {}

  /** How the package uses the module with this path. */
  public async useOf(module: string): Promise<ModuleUse> {
    const importers = await this.importersOf(module);
    if (importers.length === 0) {
      return 'unknown';
    }
    const seen = new Set([module]);
    for (const { file } of importers.filter(({ certain }) => certain)) {
      if (await this.isNeeded(file, seen)) {
        return 'needed';
      }
    }
    return 'optional';
  }

  /** Whether the function may load the file without a substitute: only other modules can have one. */
  private async isNeeded(file: string, seen: Set<string>): Promise<boolean> {
    const module = file.replace(/(\/__init__)?\.py$/, '');
    if (seen.has(module)) {
      return false;
    }
    seen.add(module);
    const importers = await this.importersOf(module);
    if (importers.length === 0 || file.endsWith('/__init__.py')) {
      return importers.length === 0 || importers.some(({ guarded }) => !guarded);
    }
    for (const importer of importers.filter(({ certain }) => certain)) {
      if (await this.isNeeded(importer.file, seen)) {
        return true;
      }
    }
    return false;
  }

  /** The imports of the module in other modules of its library; those of a module at the root can be anywhere. */
  private async importersOf(module: string): Promise<Importer[]> {
    const path = module.split('/');
    const folder = path.length > 1 ? `${path[0]}/` : '';
    const importers: Importer[] = [];
    for (const file of (await this.readIndex()).get(path[path.length - 1]) ?? []) {
      if (file.startsWith(folder) && file !== `${module}.py` && !file.startsWith(`${module}/`)) {
        const imports = await this.importsOf(file);
        importers.push(...imports.filter((each) => isImportOf(each, file, path)).map((each) => ({ ...each, file })));
      }
    }
    return importers;
  }

  private async importsOf(file: string): Promise<readonly PythonImport[]> {
    if (!this.parsed.has(file)) {
      this.parsed.set(file, readPythonModule((await this.files.readSource(file)) ?? '').imports);
    }
    return this.parsed.get(file)!;
  }

  private async readIndex(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.index ??= this.makeIndex();
    return this.index;
  }

  private async makeIndex(): Promise<ReadonlyMap<string, readonly string[]>> {
    const sources = this.files.names.filter((name) => name.endsWith('.py') && !NO_MODULES.test(name));
    const modules = new Set(this.files.names.flatMap((name) => moduleNamesOf(name)));
    const index = new Map<string, string[]>();
    for (const file of sources) {
      const statements = ((await this.files.readSource(file)) ?? '').match(IMPORT_STATEMENT) ?? [];
      for (const name of new Set(statements.join(' ').match(/\w+/g))) {
        if (modules.has(name)) {
          index
            .set(name, index.get(name) ?? [])
            .get(name)!
            .push(file);
        }
      }
    }
    return index;
  }
}

/** The names under which a file can be imported: its own, and those of the folders around it. */
function moduleNamesOf(file: string): string[] {
  return /\.(py|so)$/.test(file) ? file.split('/').map((segment) => segment.split('.')[0]) : [];
}

/** Whether an import in a file names the module with this path, or something in it. */
function isImportOf(each: PythonImport, file: string, path: readonly string[]): boolean {
  const imported = absolutePath(each.module, file);
  return isPrefix(path, imported) || each.names.some((name) => name !== '*' && isPrefix(path, [...imported, name]));
}

/** The path of a module as an import in a file names it. */
export function absolutePath(module: string, file: string): string[] {
  const [, dots, rest] = /^(\.*)(.*)$/.exec(module)!;
  const names = rest === '' ? [] : rest.split('.');
  if (dots === '') {
    return names;
  }
  const folder = file.split('/').slice(0, -1);
  return [...folder.slice(0, folder.length - dots.length + 1), ...names];
}

function isPrefix(path: readonly string[], imported: readonly string[]): boolean {
  return path.length <= imported.length && path.every((name, index) => name === imported[index]);
}
